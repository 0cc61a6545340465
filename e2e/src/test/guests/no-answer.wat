;; Ends well, having said nothing.
(module
  (memory (export "memory") 1)
  (func (export "_start")))
