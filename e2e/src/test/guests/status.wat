;; Answers a status and a header of its own.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\10\00\00\00\54\00\00\00") ;; an iovec of 84 bytes at 16
  (data (i32.const 16) "Status: 418 I'm a teapot\r\nX-Tea: oolong\r\nContent-Type: text/plain\r\n\r\nshort and stout")
  (func (export "_start")
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))
