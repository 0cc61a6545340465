;; Has ten MiB of memory, sends its request's body as the head of a call to another service, and answers when that did.
(module
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "photon" "fetch" (func $fetch (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 160)
  ;; 0: an iovec, 8: how many bytes were moved, 16: the answer, 1024: the request's body
  (data (i32.const 0) "\00\04\00\00\00\04\00\00")
  (data (i32.const 16) "Content-Type: text/plain\n\nlet go")

  (func (export "_start")
    (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
    (drop (call $fetch (i32.const 1024) (i32.load (i32.const 8)) (i32.const 0) (i32.const 0)))
    (i32.store (i32.const 0) (i32.const 16))
    (i32.store (i32.const 4) (i32.const 32))
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))
