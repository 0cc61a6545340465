;; A handler whose request's body is the head of a call to another service: answers with that call's status and body, or
;; with 599 and the reason when there is no answer.
(module
  (import "photon" "fetch" (func $fetch (param i32 i32 i32 i32) (result i32)))
  (import "photon" "fetch_head" (func $fetch_head (param i32 i32) (result i32)))
  (import "photon" "fetch_body" (func $fetch_body (param i32 i32) (result i32)))
  (import "http_handler" "read_body" (func $read_body (param i32 i32 i32) (result i64)))
  (import "http_handler" "write_body" (func $write_body (param i32 i32 i32)))
  (import "http_handler" "set_status_code" (func $set_status_code (param i32)))
  (memory (export "memory") 1)

  (func (export "handle_request") (result i64)
    (local $status i32) (local $length i32)
    (local.set $status (call $fetch
      (i32.const 0)
      (i32.wrap_i64 (call $read_body (i32.const 0) (i32.const 0) (i32.const 1024)))
      (i32.const 0)
      (i32.const 0)))
    (if (i32.lt_s (local.get $status) (i32.const 0))
      (then
        (call $set_status_code (i32.const 599))
        (call $write_body (i32.const 1) (i32.const 1024) (call $fetch_head (i32.const 1024) (i32.const 1024)))
        (return (i64.const 0))))
    (call $set_status_code (local.get $status))
    (loop $more
      (local.set $length (call $fetch_body (i32.const 1024) (i32.const 4)))
      (call $write_body (i32.const 1) (i32.const 1024) (local.get $length))
      (br_if $more (local.get $length)))
    (i64.const 0))

  (func (export "handle_response") (param i32 i32)))
