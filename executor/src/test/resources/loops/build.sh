#!/bin/bash
# Builds the guests that do not end with Debian's wabt.
set -euo pipefail
cd "$(dirname "$0")"
for source in *.wat; do
  wat2wasm "$source" -o "${source%.wat}.wasm"
done
