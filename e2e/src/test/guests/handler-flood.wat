;; Answers as many pages of 64 KiB of the letter x as the first byte of the request's body says, and says more about it in
;; a header field.
(module
  (import "http_handler" "read_body" (func $read_body (param i32 i32 i32) (result i64)))
  (import "http_handler" "write_body" (func $write_body (param i32 i32 i32)))
  (import "http_handler" "set_header_value" (func $set_header_value (param i32 i32 i32 i32 i32)))
  (memory (export "memory") 2)
  (data (i32.const 0) "x-floodedyes")
  (func (export "handle_request") (result i64)
    (local $left i32)
    (memory.fill (i32.const 65536) (i32.const 120) (i32.const 65536))
    (drop (call $read_body (i32.const 0) (i32.const 16) (i32.const 1)))
    (call $set_header_value (i32.const 1) (i32.const 0) (i32.const 9) (i32.const 9) (i32.const 3))
    (local.set $left (i32.load8_u (i32.const 16)))
    (loop $more
      (call $write_body (i32.const 1) (i32.const 65536) (i32.const 65536))
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (br_if $more (local.get $left)))
    (i64.const 0))
  (func (export "handle_response") (param i32 i32)))
