#!/bin/bash
# Builds the function with Debian's clang and wasi-libc: as a reactor, which is initialised once and then called.
set -euo pipefail
cd "$(dirname "$0")"
clang --target=wasm32-wasi -mexec-model=reactor -std=gnu11 -O2 -Wall -Wextra -Werror -Wl,--strip-all shortlinks.c \
  -o "${1:-shortlinks.wasm}"
