;; Waits for 10 ms by a clock and answers: what a function does that waits for a service.
(module
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 256) "Content-Type: text/plain\n\ndone\n")
  (func (export "_start")
    ;; a subscription at 0: its clock is the monotonic one (id 1 at 16), its time-out is at 24
    (i32.store (i32.const 16) (i32.const 1))
    (i64.store (i32.const 24) (i64.const 10000000))
    (if (call $poll (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128)) (then unreachable))
    (i32.store (i32.const 192) (i32.const 256))
    (i32.store (i32.const 196) (i32.const 31))
    (if (call $fd_write (i32.const 1) (i32.const 192) (i32.const 1) (i32.const 200)) (then unreachable))))
