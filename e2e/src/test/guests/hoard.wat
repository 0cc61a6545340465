;; Takes what it can get below /tmp. Its request has two letters: "t" for one file that has all bytes, "l" for one file that
;; has all names; then "a" to answer a tenth of a second later, "t" to trap, "s" to sleep for a day.
(module
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_link" (func $link (param i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 2)
  ;; 0: an iovec, 8: how many bytes were moved, 16: the request, 24: the file's number, 32: its name, 40: another one,
  ;; 64: the subscription to a clock, 128: the event, 160: the answer, 65536: what is written
  (data (i32.const 32) "f")
  (data (i32.const 40) "aaaaaa")
  (data (i32.const 160) "Content-Type: text/plain\n\nfull")

  (func $next_name
    (local $at i32)
    (local.set $at (i32.const 40))
    (loop $carry
      (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 122))
        (then
          (i32.store8 (local.get $at) (i32.const 97))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br $carry))))
    (i32.store8 (local.get $at) (i32.add (i32.load8_u (local.get $at)) (i32.const 1))))

  (func $sleep (param $nanos i64)
    (i64.store (i32.const 88) (local.get $nanos))
    (drop (call $poll (i32.const 64) (i32.const 128) (i32.const 1) (i32.const 8))))

  (func (export "_start")
    (i32.store (i32.const 0) (i32.const 16))
    (i32.store (i32.const 4) (i32.const 2))
    (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
    (drop (call $open (i32.const 3) (i32.const 0) (i32.const 32) (i32.const 1) (i32.const 1)
      (i64.const 66) (i64.const 0) (i32.const 0) (i32.const 24)))
    (i32.store (i32.const 0) (i32.const 65536))
    (i32.store (i32.const 4) (i32.const 65536))
    (if (i32.eq (i32.load8_u (i32.const 16)) (i32.const 116))
      (then
        (loop $more
          (br_if $more (i32.eqz
            (call $fd_write (i32.load (i32.const 24)) (i32.const 0) (i32.const 1) (i32.const 8))))))
      (else
        (loop $more
          (call $next_name)
          (br_if $more (i32.eqz (call $link (i32.const 3) (i32.const 0) (i32.const 32) (i32.const 1)
            (i32.const 3) (i32.const 40) (i32.const 6)))))))
    (if (i32.eq (i32.load8_u (i32.const 17)) (i32.const 116)) (then unreachable))
    (if (i32.eq (i32.load8_u (i32.const 17)) (i32.const 115)) (then (call $sleep (i64.const 86400000000000))))
    (call $sleep (i64.const 100000000))
    (i32.store (i32.const 0) (i32.const 160))
    (i32.store (i32.const 4) (i32.const 30))
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))
