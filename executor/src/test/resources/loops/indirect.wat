(module (memory (export "memory") 1) (type $step (func (param i32) (result i32)))
  (table 2 funcref) (elem (i32.const 0) $up $down)
  (func $up (type $step) (i32.add (local.get 0) (i32.const 1)))
  (func $down (type $step) (i32.sub (local.get 0) (i32.const 3)))
  (func (export "_start") (local $x i32)
    (loop $forever
      (local.set $x (call_indirect (type $step) (local.get $x) (i32.and (local.get $x) (i32.const 1))))
      (br $forever))))
