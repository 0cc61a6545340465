#!/usr/bin/env bash
# benchmarks/run.sh [--json FILE] [SCENARIO…]   measures the named scenarios and what they are compared to, or all
# benchmarks/run.sh --jmh [ARGUMENT…]           runs the micro-benchmarks; the arguments are JMH's
set -euo pipefail
home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
target=$home/benchmarks/target
classpath=$target/classpath.txt
jar=$target/photon-benchmarks.jar

is_jdk_25() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] &&
    [ "$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")" -ge 25 ] 2>/dev/null
}

find_jdk() {
  local candidate
  for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if [ -n "$candidate" ] && is_jdk_25 "$candidate"; then
      printf '%s\n' "$candidate"
      return
    fi
  done
  return 1
}

stale() {
  [ ! -e "$jar" ] || [ ! -e "$classpath" ] ||
    [ -n "$(find "$home"/{protocol,registry,metrics,ingress,executor,replicator,cli,benchmarks}/{src/main,pom.xml} "$home/pom.xml" \
      -type f -newer "$jar" -print -quit)" ]
}

jdk=$(find_jdk) || {
  echo "run.sh: no JDK 25 or newer found: install one, or set JAVA_HOME to it" >&2
  exit 1
}

if stale; then
  echo "run.sh: building" >&2
  (cd "$home" && JAVA_HOME=$jdk ./mvnw -q -B -Dquick -Dmaven.test.skip=true -pl benchmarks -am package) >&2
  touch "$jar" "$classpath"
fi

main=dev.photon.benchmarks.Benchmarks
if [ "${1:-}" = --jmh ]; then
  shift
  main=org.openjdk.jmh.Main
fi

# The process that measures starts the others, stops them by their ids and deletes what they wrote, on a signal too.
exec "$jdk/bin/java" -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -Dphoton.root="$home" \
  -cp "$jar:$(cat "$classpath")" "$main" "$@"
