#!/bin/bash
# Builds the function with Debian's Rust (a rustup toolchain earlier in the PATH may lack the Wasm target).
set -euo pipefail
cd "$(dirname "$0")"
"${RUSTC:-/usr/bin/rustc}" --target wasm32-wasi -O -C lto=fat -C panic=abort -C strip=symbols words.rs -o words.wasm
