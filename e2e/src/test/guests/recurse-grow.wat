;; Takes a page of memory at each of its nested calls, until the stack ends.
(module
  (memory (export "memory") 1)
  (func $deeper (param $depth i32) (result i32)
    (drop (memory.grow (i32.const 1)))
    (i32.add (i32.const 1) (call $deeper (i32.add (local.get $depth) (i32.const 1)))))
  (func (export "_start") (drop (call $deeper (i32.const 0)))))
