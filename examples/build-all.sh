#!/bin/bash
# Builds every example: build-all.sh [DIR]. Without DIR each module is written beside its source.
set -euo pipefail
out=${1:+$(mkdir -p "$1" && cd "$1" && pwd)}
cd "$(dirname "$0")"
for build in */build.sh; do
  name=$(dirname "$build")
  kind=wasm
  [ ! -e "$name/$name.js" ] || kind=js
  "$build" ${out:+"$out/$name.$kind"}
done
