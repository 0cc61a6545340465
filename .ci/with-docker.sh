#!/bin/bash
# Runs a command that may use containers: .ci/with-docker.sh COMMAND…
# Starts a Docker engine if none answers, builds the Kafka image if it is absent, stops what it started, and exits as the command did.
set -euo pipefail
[ $# -gt 0 ] || { echo "usage: $0 COMMAND…" >&2; exit 64; }

here=$(cd "$(dirname "$0")" && pwd)
image=${TEST_KAFKA_IMAGE:-photon/kafka:4.3.1}
log=$(mktemp -t dockerd.XXXXXX.log)
engine=

answers() { docker info >/dev/null 2>&1; }

stop() {
  if [ -n "$engine" ]; then
    kill "$engine" 2>/dev/null || true
    wait "$engine" || true
  fi
  rm -f "$log"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

"$here/apt-install.sh" docker.io busybox-static

if ! answers; then
  setsid dockerd >"$log" 2>&1 & # a session of its own: Ctrl-C reaches the command first, the engine last
  engine=$!
  for _ in {1..120}; do
    answers && break
    kill -0 "$engine" 2>/dev/null || break
    sleep 0.25
  done
  answers || { echo "dockerd did not start:" >&2; tail -n 20 "$log" >&2; exit 69; }
fi

docker image inspect "$image" >/dev/null 2>&1 || "$here/kafka-image/build.sh" "$image" >&2

# Ryuk's image cannot be pulled without a registry, and the ports are those of this machine.
export TESTCONTAINERS_RYUK_DISABLED=true TESTCONTAINERS_HOST_OVERRIDE=localhost TEST_KAFKA=container
code=0
"$@" || code=$?
exit $code
