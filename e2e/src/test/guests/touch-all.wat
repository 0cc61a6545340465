;; Takes all the memory it can get, writes to every page, and ends with a trap when one of them was not zero before.
(module
  (memory (export "memory") 1)
  (func (export "_start")
    (local $at i32)
    (loop $more (br_if $more (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
    (local.set $at (i32.const 65532))
    (loop $next
      (if (i32.load (local.get $at)) (then unreachable))
      (i32.store (local.get $at) (i32.const -1))
      (local.set $at (i32.add (local.get $at) (i32.const 65536)))
      (br_if $next (i32.lt_u (i32.shr_u (local.get $at) (i32.const 16)) (memory.size))))))
