(module (memory (export "memory") 1)
  (func $step (param $x i32) (result i32) (i32.add (local.get $x) (i32.load (i32.const 0))))
  (func (export "_start") (local $x i32)
    (loop $forever
      (local.set $x (call $step (local.get $x)))
      (br $forever))))
