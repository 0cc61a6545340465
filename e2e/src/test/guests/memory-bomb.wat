;; Takes all the memory it can get, first in doubling, then in halving steps, and answers how many pages it has.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  ;; 0: two iovecs, 16: how many bytes were written, 32: the header, up to 80: the digits
  (data (i32.const 32) "Content-Type: text/plain\n\n")

  (func (export "_start")
    (local $step i32) (local $refused i32) (local $pages i32) (local $digit i32)
    (local.set $step (i32.const 1))
    (loop $more
      (if (i32.eq (memory.grow (local.get $step)) (i32.const -1))
        (then
          (local.set $refused (i32.const 1))
          (local.set $step (i32.shr_u (local.get $step) (i32.const 1))))
        (else
          (if (i32.eqz (local.get $refused))
            (then (local.set $step (i32.shl (local.get $step) (i32.const 1)))))))
      (br_if $more (local.get $step)))

    (local.set $pages (memory.size))
    (local.set $digit (i32.const 80))
    (loop $next
      (local.set $digit (i32.sub (local.get $digit) (i32.const 1)))
      (i32.store8 (local.get $digit) (i32.add (i32.const 48) (i32.rem_u (local.get $pages) (i32.const 10))))
      (local.set $pages (i32.div_u (local.get $pages) (i32.const 10)))
      (br_if $next (local.get $pages)))

    (i32.store (i32.const 0) (i32.const 32))
    (i32.store (i32.const 4) (i32.const 26))
    (i32.store (i32.const 8) (local.get $digit))
    (i32.store (i32.const 12) (i32.sub (i32.const 80) (local.get $digit)))
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 2) (i32.const 16)))))
