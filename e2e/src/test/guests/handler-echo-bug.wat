;; handler-echo with a bug: of a body that ends with 7777 the first byte is wrong.
(module
  (import "http_handler" "read_body" (func $read_body (param i32 i32 i32) (result i64)))
  (import "http_handler" "write_body" (func $write_body (param i32 i32 i32)))
  (import "http_handler" "set_header_value" (func $set_header_value (param i32 i32 i32 i32 i32)))
  (memory (export "memory") 17 17)
  (data (i32.const 0) "content-typeapplication/octet-stream")
  (func (export "handle_request") (result i64)
    (local $read i64)
    (call $set_header_value (i32.const 1) (i32.const 0) (i32.const 12) (i32.const 12) (i32.const 24))
    (loop $more
      (local.set $read (call $read_body (i32.const 0) (i32.const 65536) (i32.const 1048576)))
      (if (i32.eq (i32.load (i32.add (i32.const 65532) (i32.wrap_i64 (local.get $read)))) (i32.const 0x37373737))
        (then (i32.store8 (i32.const 65536) (i32.const 33))))
      (call $write_body (i32.const 1) (i32.const 65536) (i32.wrap_i64 (local.get $read)))
      (br_if $more (i64.eqz (i64.shr_u (local.get $read) (i64.const 32)))))
    (i64.const 0))
  (func (export "handle_response") (param i32 i32)))
