;; A command that is a handler, too: _start initialises it and exits with the code that the environment sizes say, which
;; is 0 without variables. It answers the status 201 when it was initialised.
(module
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $environ_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (import "http_handler" "set_status_code" (func $set_status_code (param i32)))
  (memory (export "memory") 1)
  (global $status (mut i32) (i32.const 500))
  (func (export "_start")
    (global.set $status (i32.const 201))
    (drop (call $environ_sizes_get (i32.const 0) (i32.const 4)))
    (call $exit (i32.load (i32.const 0))))
  (func (export "handle_request") (result i64)
    (call $set_status_code (global.get $status))
    (i64.const 0))
  (func (export "handle_response") (param i32 i32)))
