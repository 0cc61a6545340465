;; No loop: two calls to the power of a hundred.
(module (memory (export "memory") 1)
  (func $tree (param $depth i32)
    (if (local.get $depth)
      (then
        (call $tree (i32.sub (local.get $depth) (i32.const 1)))
        (call $tree (i32.sub (local.get $depth) (i32.const 1))))))
  (func (export "_start") (call $tree (i32.const 100))))
