;; Copies its passive segments, and drops them: the next instance must have them again.
(module
  (memory (export "memory") 1)
  (table 1 funcref)
  (data $text "x")
  (elem $functions func $f)
  (func $f)
  (func (export "_start")
    (memory.init $text (i32.const 0) (i32.const 0) (i32.const 1))
    (table.init $functions (i32.const 0) (i32.const 0) (i32.const 1))
    (data.drop $text)
    (elem.drop $functions)))
