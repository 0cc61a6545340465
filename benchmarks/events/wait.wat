;; A handler that waits for 5 ms by a clock and answers nothing: what a function does that waits for a service.
(module
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "handle_request") (result i64)
    ;; a subscription at 0: its clock is the monotonic one (id 1 at 16), its time-out is at 24
    (i32.store (i32.const 16) (i32.const 1))
    (i64.store (i32.const 24) (i64.const 5000000))
    (if (call $poll (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128)) (then unreachable))
    (i64.const 0))
  (func (export "handle_response") (param i32 i32)))
