#!/usr/bin/env bash
# Runs this build and an earlier one in one region, replacing role after role: e2e/rolling-upgrade.sh [REVISION]
# The earlier one is the revision before this one unless said, and is built in a folder of its own that goes again.
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
revision=${1:-HEAD~1}
earlier=$(mktemp -d -t photon-earlier.XXXXXX)
trap 'git -C "$home" worktree remove --force "$earlier/photon"; rm -rf "$earlier"' EXIT
git -C "$home" worktree add --quiet --detach "$earlier/photon" "$revision"
"$earlier/photon/faas" --version
cd "$home"
./faas --version
TEST_PREVIOUS=$earlier/photon ./mvnw -B -ntp -Dquick -pl e2e -am -Dtest=RollingUpgradeTest \
  -Dsurefire.failIfNoSpecifiedTests=false verify
