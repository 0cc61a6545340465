;; Recurses 2000 calls deep, and answers how deep it came.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  ;; 0: an iovec, 8: how many bytes were written
  (data (i32.const 16) "Content-Type: text/plain\n\n????")

  (func $descend (param $more i32) (result i32)
    (if (result i32) (local.get $more)
      (then (i32.add (i32.const 1) (call $descend (i32.sub (local.get $more) (i32.const 1)))))
      (else (i32.const 0))))

  (func (export "_start")
    (local $depth i32) (local $digit i32)
    (local.set $depth (call $descend (i32.const 2000)))
    (local.set $digit (i32.const 46))
    (loop $next
      (local.set $digit (i32.sub (local.get $digit) (i32.const 1)))
      (i32.store8 (local.get $digit) (i32.add (i32.const 48) (i32.rem_u (local.get $depth) (i32.const 10))))
      (local.set $depth (i32.div_u (local.get $depth) (i32.const 10)))
      (br_if $next (local.get $depth)))
    (i32.store (i32.const 0) (i32.const 16))
    (i32.store (i32.const 4) (i32.const 30))
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))
