;; Two functions call each other until the stack ends.
(module
  (memory (export "memory") 1)
  (func $ping (param $depth i32) (result i32)
    (i32.add (i32.const 1) (call $pong (i32.add (local.get $depth) (i32.const 1)))))
  (func $pong (param $depth i32) (result i32)
    (i32.add (i32.const 2) (call $ping (i32.add (local.get $depth) (i32.const 1)))))
  (func (export "_start") (drop (call $ping (i32.const 0)))))
