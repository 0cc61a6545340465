#!/bin/bash
# Builds the function with Debian's clang and wasi-libc.
set -euo pipefail
cd "$(dirname "$0")"
clang --target=wasm32-wasi -std=gnu11 -O2 -Wall -Wextra -Werror -Wl,--strip-all uptime.c -o "${1:-uptime.wasm}"
