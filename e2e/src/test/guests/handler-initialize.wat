;; A reactor that enables buffer_response and a feature that does not exist when it is initialised. It passes all
;; requests on, and answers with the features it was told, as the status 200 + features.
(module
  (import "http_handler" "enable_features" (func $enable_features (param i32) (result i32)))
  (import "http_handler" "set_status_code" (func $set_status_code (param i32)))
  (memory (export "memory") 1)
  (global $features (mut i32) (i32.const 0))
  (func (export "_initialize") (global.set $features (call $enable_features (i32.const 0x102))))
  (func (export "handle_request") (result i64) (i64.const 1))
  (func (export "handle_response") (param i32 i32)
    (call $set_status_code (i32.add (i32.const 200) (global.get $features)))))
