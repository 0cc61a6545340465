(module (memory (export "memory") 1)
  (func (export "_start") (local $i i32) (local $j i32)
    (loop $outer
      (local.set $i (i32.const 0))
      (loop $middle
        (local.set $j (i32.const 0))
        (loop $inner
          (i32.store (i32.shl (local.get $j) (i32.const 2)) (local.get $i))
          (br_if $inner (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 1))) (i32.const 1000))))
        (br_if $middle (i32.lt_s (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 1000))))
      (br $outer))))
