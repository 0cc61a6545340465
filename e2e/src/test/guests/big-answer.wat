;; Answers 2 MiB (2097152 bytes) of the letter x.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 2)
  ;; 0: an iovec, 8: how many bytes were written, 65536: a page of the body
  (data (i32.const 16) "Content-Type: application/octet-stream\n\n")

  (func $write (param $from i32) (param $length i32) (result i32)
    (i32.store (i32.const 0) (local.get $from))
    (i32.store (i32.const 4) (local.get $length))
    (if (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)) (then unreachable))
    (i32.load (i32.const 8)))

  (func (export "_start")
    (local $left i32)
    (memory.fill (i32.const 65536) (i32.const 120) (i32.const 65536))
    (drop (call $write (i32.const 16) (i32.const 40)))
    (local.set $left (i32.const 2097152))
    (loop $next
      (local.set $left
        (i32.sub (local.get $left)
          (call $write (i32.const 65536)
            (select (local.get $left) (i32.const 65536) (i32.lt_u (local.get $left) (i32.const 65536))))))
      (br_if $next (local.get $left)))))
