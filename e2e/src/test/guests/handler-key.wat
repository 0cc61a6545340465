;; A handler that answers the key of the record it runs for.
(module
  (import "http_handler" "get_header_values" (func $get_header_values (param i32 i32 i32 i32 i32) (result i64)))
  (import "http_handler" "write_body" (func $write_body (param i32 i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "kafka-key")
  (func (export "handle_request") (result i64)
    (local $length i32)
    ;; each value is followed by a NUL
    (local.set $length (i32.wrap_i64 (call $get_header_values (i32.const 0) (i32.const 0) (i32.const 9) (i32.const 64) (i32.const 1024))))
    (call $write_body (i32.const 1) (i32.const 64) (i32.sub (local.get $length) (i32.const 1)))
    (i64.const 0))
  (func (export "handle_response") (param i32 i32)))
