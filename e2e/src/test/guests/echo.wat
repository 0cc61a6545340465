;; Answers the body. What is read collects behind the header in one page of memory, and is written when
;; the page is full or the body ends: a small body costs two reads (the second sees the end) and one write.
(module
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  ;; 0: address and length of an iovec, 8: how many bytes were moved, 16: the buffer
  (data (i32.const 16) "Content-Type: application/octet-stream\n\n")

  (func $flush (param $end i32)
    (local $at i32)
    (local.set $at (i32.const 16))
    (loop $next
      (if (i32.eq (local.get $at) (local.get $end)) (then (return)))
      (i32.store (i32.const 0) (local.get $at))
      (i32.store (i32.const 4) (i32.sub (local.get $end) (local.get $at)))
      (if (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)) (then unreachable))
      (local.set $at (i32.add (local.get $at) (i32.load (i32.const 8))))
      (br $next)))

  (func (export "_start")
    (local $end i32)
    (local.set $end (i32.const 56))
    (loop $next
      (i32.store (i32.const 0) (local.get $end))
      (i32.store (i32.const 4) (i32.sub (i32.const 65536) (local.get $end)))
      (if (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)) (then unreachable))
      (local.set $end (i32.add (local.get $end) (i32.load (i32.const 8))))
      (if (i32.eq (local.get $end) (i32.const 65536))
        (then
          (call $flush (local.get $end))
          (local.set $end (i32.const 16))
          (br $next)))
      (br_if $next (i32.load (i32.const 8))))
    (call $flush (local.get $end))))
