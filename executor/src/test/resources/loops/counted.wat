;; Ends after four thousand million steps, each of which is cheap.
(module (memory (export "memory") 1)
  (func $count (param $n i32) (result i32) (local $i i32) (local $x i32)
    (loop $again
      (local.set $x (i32.add (i32.mul (local.get $x) (i32.const 31)) (local.get $i)))
      (br_if $again (i32.lt_s (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $x))
  (func (export "_start")
    (loop $forever
      (i32.store (i32.const 0) (call $count (i32.const 2147483647)))
      (br $forever))))
