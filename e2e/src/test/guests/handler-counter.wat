;; A handler that answers how many requests its instance has handled, this one included, as 32 bits. It does so slowly,
;; and traps when it is entered a second time meanwhile. It obeys the first byte of its request's body: "t" to trap,
;; "l" to loop without end, "x" to exit with code 0, "m" to grow its memory by one page.
(module
  (import "http_handler" "read_body" (func $read_body (param i32 i32 i32) (result i64)))
  (import "http_handler" "write_body" (func $write_body (param i32 i32 i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (global $entered (mut i32) (i32.const 0))

  (func $wait
    (local $left i32)
    (local.set $left (i32.const 20000))
    (loop $again
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (br_if $again (local.get $left))))

  (func (export "handle_request") (result i64)
    (local $order i32)
    (if (global.get $entered) (then (unreachable)))
    (global.set $entered (i32.const 1))
    (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))
    (i32.store8 (i32.const 4) (i32.const 0))
    (drop (call $read_body (i32.const 0) (i32.const 4) (i32.const 1)))
    (local.set $order (i32.load8_u (i32.const 4)))
    (if (i32.eq (local.get $order) (i32.const 0x74)) (then (unreachable)))
    (if (i32.eq (local.get $order) (i32.const 0x78)) (then (call $exit (i32.const 0))))
    (if (i32.eq (local.get $order) (i32.const 0x6d)) (then (drop (memory.grow (i32.const 1)))))
    (loop $endless (br_if $endless (i32.eq (local.get $order) (i32.const 0x6c))))
    (call $wait)
    (call $write_body (i32.const 1) (i32.const 0) (i32.const 4))
    (global.set $entered (i32.const 0))
    (i64.const 0))

  (func (export "handle_response") (param i32 i32)))
