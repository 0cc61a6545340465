;; Answers the number of bytes of the request's body and their FNV-1a hash, as two little-endian numbers of 32 bits.
(module
  (import "http_handler" "read_body" (func $read_body (param i32 i32 i32) (result i64)))
  (import "http_handler" "write_body" (func $write_body (param i32 i32 i32)))
  (memory (export "memory") 2)
  (func (export "handle_request") (result i64)
    (local $read i64) (local $hash i32) (local $size i32) (local $at i32) (local $end i32)
    (local.set $hash (i32.const 0x811c9dc5))
    (loop $more
      (local.set $read (call $read_body (i32.const 0) (i32.const 65536) (i32.const 65536)))
      (local.set $at (i32.const 65536))
      (local.set $end (i32.add (i32.const 65536) (i32.wrap_i64 (local.get $read))))
      (block $done
        (loop $byte
          (br_if $done (i32.eq (local.get $at) (local.get $end)))
          (local.set $hash
            (i32.mul (i32.xor (local.get $hash) (i32.load8_u (local.get $at))) (i32.const 16777619)))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br $byte)))
      (local.set $size (i32.add (local.get $size) (i32.wrap_i64 (local.get $read))))
      (br_if $more (i64.eqz (i64.shr_u (local.get $read) (i64.const 32)))))
    (i32.store (i32.const 0) (local.get $size))
    (i32.store (i32.const 4) (local.get $hash))
    (call $write_body (i32.const 1) (i32.const 0) (i32.const 8))
    (i64.const 0))
  (func (export "handle_response") (param i32 i32)))
