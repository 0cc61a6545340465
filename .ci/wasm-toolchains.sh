#!/bin/bash
# Installs the stock compilers that build the example functions and test guests, the tools that load and inspect a platform,
# and a browser to look at it.
set -euo pipefail
node=()
command -v node >/dev/null && command -v npm >/dev/null || node=(nodejs npm)
exec "$(dirname "$0")/apt-install.sh" \
  clang lld wasi-libc libclang-rt-14-dev-wasm32 \
  rustc libstd-rust-dev-wasm32 \
  wabt kcat wrk curl jq chromium "${node[@]}"
