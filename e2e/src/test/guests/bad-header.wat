;; Writes something that is no CGI answer: no header, no blank line.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\10\00\00\00\1b\00\00\00") ;; an iovec of 27 bytes at 16
  (data (i32.const 16) "this is not what CGI wants\n")
  (func (export "_start")
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))
