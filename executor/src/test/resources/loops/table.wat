;; Goes back by a table of branches.
(module (memory (export "memory") 1)
  (func (export "_start") (local $x i32)
    (block $end
      (loop $again
        (local.set $x (i32.add (local.get $x) (i32.const 1)))
        (br_table $again $again $end (i32.and (local.get $x) (i32.const 1)))))))
