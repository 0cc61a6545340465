;; A handler that calls a function while it is initialised, when there is no request yet: which one, the value of its only
;; variable says, whose name is one letter. From "a" to "n" these are the functions that need a request, in the order of
;; the branches below; any other value stands for all that need none.
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
  (memory (export "memory") 1)

  ;; The configuration is {"A":"a"}: at 2 is a letter, which is a name and a text, and at 6 the value.
  (func (export "_initialize")
    (drop (call $get_config (i32.const 0) (i32.const 100)))
    (block $none (block $n (block $m (block $l (block $k (block $j (block $i (block $h (block $g (block $f (block $e
    (block $d (block $c (block $b (block $a
      (br_table $a $b $c $d $e $f $g $h $i $j $k $l $m $n $none
        (i32.sub (i32.load8_u (i32.const 6)) (i32.const 0x61))))
      (drop (call $get_method (i32.const 100) (i32.const 10))) (return))
      (call $set_method (i32.const 2) (i32.const 1)) (return))
      (drop (call $get_uri (i32.const 100) (i32.const 10))) (return))
      (call $set_uri (i32.const 2) (i32.const 0)) (return))
      (drop (call $get_header_names (i32.const 0) (i32.const 100) (i32.const 10))) (return))
      (drop (call $get_header_values
        (i32.const 0) (i32.const 2) (i32.const 1) (i32.const 100) (i32.const 10))) (return))
      (call $add_header_value (i32.const 1) (i32.const 2) (i32.const 1) (i32.const 2) (i32.const 1)) (return))
      (call $set_header_value (i32.const 1) (i32.const 2) (i32.const 1) (i32.const 2) (i32.const 1)) (return))
      (call $remove_header (i32.const 1) (i32.const 2) (i32.const 1)) (return))
      (drop (call $read_body (i32.const 0) (i32.const 100) (i32.const 10))) (return))
      (call $write_body (i32.const 1) (i32.const 2) (i32.const 1)) (return))
      (drop (call $get_status_code)) (return))
      (call $set_status_code (i32.const 201)) (return))
      (drop (call $get_source_addr (i32.const 100) (i32.const 10))) (return))
    (drop (call $enable_features (i32.const 2)))
    (drop (call $get_protocol_version (i32.const 100) (i32.const 10)))
    (drop (call $log_enabled (i32.const 0)))
    (call $log (i32.const 0) (i32.const 2) (i32.const 1)))

  (func (export "handle_request") (result i64) (i64.const 0))
  (func (export "handle_response") (param i32 i32)))
