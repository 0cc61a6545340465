#!/bin/bash
# Builds the function: build.sh [FILE]. RUSTC and RUST_TARGET are those that faas build found on this machine.
set -euo pipefail
cd "$(dirname "$0")"
"${RUSTC:-rustc}" --edition 2021 --target "${RUST_TARGET:-wasm32-wasip1}" \
  -O -C lto=fat -C panic=abort -C strip=symbols main.rs -o "${1:-{{name}}.wasm}"
