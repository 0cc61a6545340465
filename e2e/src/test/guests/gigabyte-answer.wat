;; Answers with its whole memory, a thousand times in each call, for ever.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 16)
  (func (export "_start")
    (local $vector i32)
    (loop $next
      (i32.store (i32.add (local.get $vector) (i32.const 4)) (i32.const 1048576))
      (local.set $vector (i32.add (local.get $vector) (i32.const 8)))
      (br_if $next (i32.lt_u (local.get $vector) (i32.const 8192))))
    (loop $write
      (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1024) (i32.const 8200)))
      (br $write))))
