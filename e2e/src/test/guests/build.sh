#!/bin/bash
# Builds the guests of the tests: build.sh [DIR], by default where the tests look for them.
set -euo pipefail
cd "$(dirname "$0")"
out=${1:-../resources/guests}
mkdir -p "$out"
for source in *.wat; do wat2wasm "$source" -o "$out/${source%.wat}.wasm"; done
for source in *.c; do
  clang --target=wasm32-wasi -std=gnu11 -O2 -Wall -Wextra -Werror -Wl,--strip-all "$source" -o "$out/${source%.c}.wasm"
done
# With the compiler of the example in that language.
assemblyscript=../../../../examples/json-stats
[ -d "$assemblyscript/node_modules" ] || (cd "$assemblyscript" && npm ci --no-audit --no-fund)
for source in *.ts; do
  "$assemblyscript/node_modules/.bin/asc" "$source" -O --converge --exportStart _start \
    --config "$assemblyscript/node_modules/@assemblyscript/wasi-shim/asconfig.json" -o "$out/${source%.ts}.wasm"
done
# Debian's compiler by its full name: another one need not have the target.
for source in *.rs; do
  "${RUSTC:-/usr/bin/rustc}" --target wasm32-wasi -O -C lto=fat -C panic=abort -C strip=symbols "$source" \
    -o "$out/${source%.rs}.wasm"
done
