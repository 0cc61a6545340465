#!/bin/bash
# Builds the function and compares what it answers with what it should: test.sh. FAAS is the command, unless it is in the PATH.
set -euo pipefail
cd "$(dirname "$0")"
faas=${FAAS:-faas}

# answers EXPECTED OPTION…: the body of an answer; the options are those of faas execute.
answers() {
  local expected=$1 actual
  shift
  actual=$("$faas" execute "$@")
  if [ "$actual" != "$expected" ]; then
    printf 'expected: %s\nanswered: %s\n' "$expected" "$actual" >&2
    exit 1
  fi
}

"$faas" build
answers 'Hello, world!'
answers 'Hello, Ada!' --data Ada
echo passed
