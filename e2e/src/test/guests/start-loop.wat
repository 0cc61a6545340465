;; Never ends either, but in the module's start function: while it is instantiated, before _start is called.
(module
  (memory (export "memory") 1)
  (func $forever (loop $again (br $again)))
  (start $forever)
  (func (export "_start")))
