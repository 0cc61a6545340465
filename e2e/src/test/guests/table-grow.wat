;; Makes its tables as large as they can be, and traps when that was more than a million elements.
(module
  (memory (export "memory") 1)
  (table $functions 1 funcref)
  (table $externs 1 externref)
  (func (export "_start")
    (loop $more
      (br_if $more (i32.ne (table.grow $functions (ref.null func) (i32.const 1000)) (i32.const -1))))
    (loop $more
      (br_if $more (i32.ne (table.grow $externs (ref.null extern) (i32.const 1000)) (i32.const -1))))
    (drop (table.grow $functions (ref.null func) (i32.const -1)))
    (if (i32.gt_u (i32.add (table.size $functions) (table.size $externs)) (i32.const 1000000)) (then unreachable))))
