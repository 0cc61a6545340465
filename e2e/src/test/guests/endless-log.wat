;; Logs in every way there is, for ever.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "photon" "log" (func $log (param i32 i32 i32)))
  (memory (export "memory") 1)
  ;; 0: an iovec, 8: how many bytes were written
  (data (i32.const 0) "\10\00\00\00\00\80\00\00")
  (func (export "_start")
    (loop $more
      (drop (call $fd_write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 8)))
      (call $log (i32.const 0) (i32.const 16) (i32.const 100))
      (br $more))))
