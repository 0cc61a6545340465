#!/usr/bin/env bash
# Builds the image that the manifests run: k8s/image/build.sh [--pull] [TAG]
# Without --pull nothing is downloaded: the images it begins with are made of this machine's C library and JDK 25.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home=$here/../..

pull=
[ "${1:-}" != --pull ] || { pull=yes; shift; }
tag=${1:-photon/functions:0.1.0}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

java_version() { sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null || true; }

find_jdk() {
  local candidate version
  for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/*; do
    version=$(java_version "$candidate")
    if [ "${version:-0}" -ge 25 ] && [ -x "$candidate/bin/jlink" ]; then
      readlink -f "$candidate"
      return
    fi
  done
  echo "no JDK 25 in JAVA_HOME or /usr/lib/jvm" >&2
  return 1
}

# What stands in for the images that are pulled elsewhere, with what the image uses of them.
local_images() {
  local jdk root=$work/root
  jdk=$(find_jdk)
  mkdir -p "$root"/{dev,etc,proc,sys}
  mkdir -m 1777 "$root/tmp"
  printf 'root:x:0:0:root:/:/none\nnonroot:x:65532:65532:nonroot:/tmp:/none\n' >"$root/etc/passwd"
  printf 'root:x:0:\nnonroot:x:65532:\n' >"$root/etc/group"
  echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
  # What the JDK's launcher and libraries are linked with, at the paths the loader looks at.
  find "$jdk/bin/java" "$jdk/lib/server/libjvm.so" "$jdk"/lib/lib{java,net,nio,zip,management,jimage,jli}.so -exec ldd {} + \
    | grep -o '/[^ ]*/\(ld-linux\|lib\(c\|m\|dl\|rt\|pthread\|resolv\)\.so\)[^ ]*' | sort -u \
    | while read -r library; do install -D "$library" "$root$library"; done
  tar -C "$root" --owner=0 --group=0 --numeric-owner -c . | docker import - photon/base:local >/dev/null
  mkdir -p "$root/opt/java"
  cp -rL "$jdk" "$root/opt/java/openjdk" # some distributions link to files elsewhere
  tar -C "$root" --owner=0 --group=0 --numeric-owner -c . | docker import - photon/jdk:local >/dev/null
}

"$home/faas" --version >/dev/null # builds what is not built, or older than its sources

context=$work/context
mkdir -p "$context"/examples
cp -rp "$home"/cli/target/{photon-cli.jar,lib} "$context"
for example in hello json-stats mandelbrot wordcount; do
  mkdir "$context/examples/$example"
  cp "$home/examples/$example"/{photoniq.toml,"$example.wasm"} "$context/examples/$example"
done
# In an order that is the same everywhere, since the AOT cache holds for this class path alone.
(cat "$here/java.options"
  printf -- '-cp /opt/photon/photon-cli.jar'
  cd "$context/lib" && printf ':/opt/photon/lib/%s' *.jar) >"$context/java.options"
chmod -R a+rX "$context"

bases=()
if [ -z "$pull" ]; then
  local_images
  bases=(--build-arg JDK=photon/jdk:local --build-arg BASE=photon/base:local)
fi
docker build --quiet --network none "${bases[@]}" --file "$here/Dockerfile" --tag "$tag" "$context" >/dev/null
docker image ls "$tag" --format '{{.Repository}}:{{.Tag}} {{.Size}}'
