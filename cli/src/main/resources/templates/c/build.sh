#!/bin/bash
# Builds the function: build.sh [FILE].
set -euo pipefail
cd "$(dirname "$0")"
"${CLANG:-clang}" --target=wasm32-wasi -std=gnu11 -O2 -Wall -Wextra -Wl,--strip-all main.c -o "${1:-{{name}}.wasm}"
