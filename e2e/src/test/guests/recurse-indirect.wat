;; Calls itself through a table until the stack ends.
(module
  (type $descend (func (param i32) (result i32)))
  (memory (export "memory") 1)
  (table funcref (elem $deeper))
  (func $deeper (param $depth i32) (result i32)
    (i32.add
      (i32.const 1)
      (call_indirect (type $descend) (i32.add (local.get $depth) (i32.const 1)) (i32.const 0))))
  (func (export "_start") (drop (call $deeper (i32.const 0)))))
