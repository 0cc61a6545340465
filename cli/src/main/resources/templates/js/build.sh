#!/bin/bash
# Builds the function: build.sh [FILE]. A script is what it is; one of several modules would be bundled here.
set -euo pipefail
cd "$(dirname "$0")"
cp main.js "${1:-{{name}}.js}"
