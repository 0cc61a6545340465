;; A handler that keeps a secret in all of its memory when the request's body begins with "p", and otherwise answers in how
;; many places it finds that, as 32 bits.
(module
  (import "http_handler" "read_body" (func $read_body (param i32 i32 i32) (result i64)))
  (import "http_handler" "write_body" (func $write_body (param i32 i32 i32)))
  (memory (export "memory") 2)
  (global $kept (mut i64) (i64.const 0))

  (func $secret (result i64) (i64.const 0x70686f746f6e2d37))

  (func $plant
    (local $at i32)
    (global.set $kept (call $secret))
    (local.set $at (i32.const 8))
    (loop $next
      (i64.store (local.get $at) (call $secret))
      (local.set $at (i32.add (local.get $at) (i32.const 8)))
      (br_if $next (i32.lt_u (local.get $at) (i32.const 131072)))))

  (func $search (result i32)
    (local $at i32) (local $found i32)
    (local.set $at (i32.const 8))
    (local.set $found (i64.eq (global.get $kept) (call $secret)))
    (loop $next
      (local.set $found (i32.add (local.get $found) (i64.eq (i64.load (local.get $at)) (call $secret))))
      (local.set $at (i32.add (local.get $at) (i32.const 8)))
      (br_if $next (i32.lt_u (local.get $at) (i32.const 131072))))
    (local.get $found))

  (func (export "handle_request") (result i64)
    (local $found i32)
    (drop (call $read_body (i32.const 0) (i32.const 0) (i32.const 1)))
    (if (i32.eq (i32.load8_u (i32.const 0)) (i32.const 0x70))
      (then (call $plant))
      (else (local.set $found (call $search))))
    (i32.store (i32.const 0) (local.get $found))
    (call $write_body (i32.const 1) (i32.const 0) (i32.const 4))
    (i64.const 0))

  (func (export "handle_response") (param i32 i32)))
