;; Logs two lines to stderr and answers "ok".
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\20\00\00\00\1c\00\00\00\40\00\00\00\1c\00\00\00") ;; iovecs: 28 bytes at 32, 28 bytes at 64
  (data (i32.const 32) "a line of log\nand one more.\n")
  (data (i32.const 64) "Content-Type: text/plain\n\nok")
  (func (export "_start")
    (drop (call $fd_write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 16)))
    (drop (call $fd_write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16)))))
