#!/bin/bash
# Builds a Kafka image without a registry: busybox, this machine's C library, a jlink'ed JDK 25 and Kafka's jars.
# It answers to the environment and the paths of apache/kafka that Testcontainers relies on.
# Usage: .ci/kafka-image/build.sh [TAG]
set -euo pipefail
cd "$(dirname "$0")"

tag=${1:-photon/kafka:4.3.1}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root

java_version() { sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null || true; }

find_jdk() {
  local home version
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/*; do
    version=$(java_version "$home")
    if [ "${version:-0}" -ge 25 ] && [ -x "$home/bin/jlink" ]; then
      echo "$home"
      return
    fi
  done
  echo "no JDK 25 in JAVA_HOME or /usr/lib/jvm" >&2
  return 1
}

jdk=$(find_jdk)

mkdir -p "$root"/{bin,dev,etc/kafka/docker,mnt/shared/config,opt/kafka/config,proc,root,sys,usr}
mkdir -m 1777 "$root/tmp"
ln -s ../bin "$root/usr/bin"
ln -s /opt/java/bin/java "$root/bin/java"

cp /bin/busybox "$root/bin/"
for applet in $(busybox --list | grep -vx busybox); do
  ln -s busybox "$root/bin/$applet"
done
printf '#!/bin/sh\nexec /bin/sh "$@"\n' >"$root/bin/bash" # Testcontainers' start script asks for bash
chmod 755 "$root/bin/bash"
echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
echo 'root:x:0:' >"$root/etc/group"

# What the JDK's launcher and libraries are linked with, at the paths the loader looks at.
find "$jdk/bin/java" "$jdk/lib/server/libjvm.so" "$jdk"/lib/lib{java,net,nio,zip,management,jimage,jli}.so -exec ldd {} + \
  | grep -o '/[^ ]*/\(ld-linux\|lib\(c\|m\|dl\|rt\|pthread\|resolv\)\.so\)[^ ]*' | sort -u \
  | while read -r library; do install -D "$library" "$root$library"; done

"$jdk/bin/jlink" --output "$root/opt/java" --vm server --strip-java-debug-attributes --no-header-files --no-man-pages \
  --add-modules java.base,java.desktop,java.logging,java.management,java.naming,java.security.jgss,java.security.sasl,java.sql,java.xml,jdk.management,jdk.unsupported

mvn -B -q -f pom.xml dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$root/opt/kafka/libs"
install -m 644 files/*.yaml files/server.properties "$root/etc/kafka/docker/"
install -m 755 files/run "$root/etc/kafka/docker/run"

tar -C "$root" --owner=0 --group=0 --numeric-owner -c . | docker import \
  -c 'ENV PATH=/bin:/opt/java/bin JAVA_HOME=/opt/java' \
  -c 'WORKDIR /opt/kafka' \
  -c 'EXPOSE 9092' \
  -c 'CMD ["/etc/kafka/docker/run"]' - "$tag" >/dev/null
docker image ls "$tag" --format '{{.Repository}}:{{.Tag}} {{.Size}}'
