;; A handler that makes the calls its request's body lists. Numbers are 32 bits long, and the body begins with five:
;;   bytes of the list after these five, context, next, calls of handle_request, calls of handle_response
;; A call is six: the function, counted as in the import section below, and five arguments, of which it takes its share.
;; The list lies at address 0 and may be followed by texts. Results, of 64 bits each, lie at 65536 in their order;
;; handle_response adds its two arguments first.
(module
  (import "http_handler" "enable_features" (func $enable_features (param i32) (result i32)))
  (import "http_handler" "get_config" (func $get_config (param i32 i32) (result i32)))
  (import "http_handler" "log" (func $log (param i32 i32 i32)))
  (import "http_handler" "log_enabled" (func $log_enabled (param i32) (result i32)))
  (import "http_handler" "get_method" (func $get_method (param i32 i32) (result i32)))
  (import "http_handler" "set_method" (func $set_method (param i32 i32)))
  (import "http_handler" "get_uri" (func $get_uri (param i32 i32) (result i32)))
  (import "http_handler" "set_uri" (func $set_uri (param i32 i32)))
  (import "http_handler" "get_protocol_version" (func $get_protocol_version (param i32 i32) (result i32)))
  (import "http_handler" "get_header_names" (func $get_header_names (param i32 i32 i32) (result i64)))
  (import "http_handler" "get_header_values" (func $get_header_values (param i32 i32 i32 i32 i32) (result i64)))
  (import "http_handler" "add_header_value" (func $add_header_value (param i32 i32 i32 i32 i32)))
  (import "http_handler" "set_header_value" (func $set_header_value (param i32 i32 i32 i32 i32)))
  (import "http_handler" "remove_header" (func $remove_header (param i32 i32 i32)))
  (import "http_handler" "read_body" (func $read_body (param i32 i32 i32) (result i64)))
  (import "http_handler" "write_body" (func $write_body (param i32 i32 i32)))
  (import "http_handler" "get_status_code" (func $get_status_code (result i32)))
  (import "http_handler" "set_status_code" (func $set_status_code (param i32)))
  (import "http_handler" "get_source_addr" (func $get_source_addr (param i32 i32) (result i32)))

  (memory (export "memory") 2 2)
  (global $result (mut i32) (i32.const 0))

  (func $keep (param $value i64)
    (i64.store (global.get $result) (local.get $value))
    (global.set $result (i32.add (global.get $result) (i32.const 8))))

  (func $call (param $function i32) (param $a i32) (param $b i32) (param $c i32) (param $d i32) (param $e i32)
    (result i64)
    (block $18 (block $17 (block $16 (block $15 (block $14 (block $13 (block $12 (block $11 (block $10 (block $9
    (block $8 (block $7 (block $6 (block $5 (block $4 (block $3 (block $2 (block $1 (block $0
      (br_table $0 $1 $2 $3 $4 $5 $6 $7 $8 $9 $10 $11 $12 $13 $14 $15 $16 $17 $18 (local.get $function)))
      (return (i64.extend_i32_u (call $enable_features (local.get $a)))))
      (return (i64.extend_i32_u (call $get_config (local.get $a) (local.get $b)))))
      (call $log (local.get $a) (local.get $b) (local.get $c))
      (return (i64.const 0)))
      (return (i64.extend_i32_u (call $log_enabled (local.get $a)))))
      (return (i64.extend_i32_u (call $get_method (local.get $a) (local.get $b)))))
      (call $set_method (local.get $a) (local.get $b))
      (return (i64.const 0)))
      (return (i64.extend_i32_u (call $get_uri (local.get $a) (local.get $b)))))
      (call $set_uri (local.get $a) (local.get $b))
      (return (i64.const 0)))
      (return (i64.extend_i32_u (call $get_protocol_version (local.get $a) (local.get $b)))))
      (return (call $get_header_names (local.get $a) (local.get $b) (local.get $c))))
      (return (call $get_header_values
        (local.get $a) (local.get $b) (local.get $c) (local.get $d) (local.get $e))))
      (call $add_header_value (local.get $a) (local.get $b) (local.get $c) (local.get $d) (local.get $e))
      (return (i64.const 0)))
      (call $set_header_value (local.get $a) (local.get $b) (local.get $c) (local.get $d) (local.get $e))
      (return (i64.const 0)))
      (call $remove_header (local.get $a) (local.get $b) (local.get $c))
      (return (i64.const 0)))
      (return (call $read_body (local.get $a) (local.get $b) (local.get $c))))
      (call $write_body (local.get $a) (local.get $b) (local.get $c))
      (return (i64.const 0)))
      (return (i64.extend_i32_u (call $get_status_code))))
      (call $set_status_code (local.get $a))
      (return (i64.const 0)))
    (i64.extend_i32_u (call $get_source_addr (local.get $a) (local.get $b))))

  (func $run (param $at i32) (param $calls i32)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $calls)))
        (call $keep (call $call
          (i32.load (local.get $at))
          (i32.load offset=4 (local.get $at))
          (i32.load offset=8 (local.get $at))
          (i32.load offset=12 (local.get $at))
          (i32.load offset=16 (local.get $at))
          (i32.load offset=20 (local.get $at))))
        (local.set $at (i32.add (local.get $at) (i32.const 24)))
        (local.set $calls (i32.sub (local.get $calls) (i32.const 1)))
        (br $next))))

  (func (export "handle_request") (result i64)
    (global.set $result (i32.const 65536))
    (drop (call $read_body (i32.const 0) (i32.const 0) (i32.const 20)))
    (if (i32.load (i32.const 0))
      (then (drop (call $read_body (i32.const 0) (i32.const 20) (i32.load (i32.const 0))))))
    (call $run (i32.const 20) (i32.load (i32.const 12)))
    (i64.or
      (i64.shl (i64.load32_u (i32.const 4)) (i64.const 32))
      (i64.load32_u (i32.const 8))))

  (func (export "handle_response") (param $context i32) (param $is_error i32)
    (call $keep (i64.extend_i32_u (local.get $context)))
    (call $keep (i64.extend_i32_u (local.get $is_error)))
    (call $run
      (i32.add (i32.const 20) (i32.mul (i32.const 24) (i32.load (i32.const 12))))
      (i32.load (i32.const 16)))))
