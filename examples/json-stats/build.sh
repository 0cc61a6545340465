#!/bin/bash
# Builds the function with AssemblyScript, from npm.
set -euo pipefail
cd "$(dirname "$0")"
[ -d node_modules ] || npm ci --no-audit --no-fund
node_modules/.bin/asc json-stats.ts --config node_modules/@assemblyscript/wasi-shim/asconfig.json \
  --exportStart _start -O --converge -o "${1:-json-stats.wasm}"
