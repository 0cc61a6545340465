#!/bin/bash
# Builds the function: build.sh [FILE]. The compiler comes from npm, at the versions of package-lock.json.
set -euo pipefail
cd "$(dirname "$0")"
[ -d node_modules ] || npm ci --no-audit --no-fund
npx --no-install asc main.ts --config node_modules/@assemblyscript/wasi-shim/asconfig.json \
  --exportStart _start -O --converge -o "${1:-{{name}}.wasm}"
