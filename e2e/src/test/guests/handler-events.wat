;; Answers one event, and then loops.
(module
  (import "http_handler" "write_body" (func $write_body (param i32 i32 i32)))
  (import "http_handler" "set_header_value" (func $set_header_value (param i32 i32 i32 i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "content-typetext/event-streamdata: first\0a\0a")
  (func (export "handle_request") (result i64)
    (call $set_header_value (i32.const 1) (i32.const 0) (i32.const 12) (i32.const 12) (i32.const 17))
    (call $write_body (i32.const 1) (i32.const 29) (i32.const 13))
    (loop $forever (br $forever))
    (i64.const 0))
  (func (export "handle_response") (param i32 i32)))
