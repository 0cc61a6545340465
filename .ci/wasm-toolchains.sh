#!/bin/bash
# Installs the stock compilers that build the example functions and test guests, and the tools that load and inspect a platform.
set -euo pipefail
node=()
command -v node >/dev/null && command -v npm >/dev/null || node=(nodejs npm)
exec "$(dirname "$0")/apt-install.sh" \
  clang lld wasi-libc libclang-rt-14-dev-wasm32 \
  rustc libstd-rust-dev-wasm32 \
  wabt kcat wrk curl jq "${node[@]}"
