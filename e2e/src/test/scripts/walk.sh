#!/bin/bash
# Walks through the REST API with curl, every path with its statuses and the shapes of its answers:
#   walk.sh URL ADMIN_KEY MODULE
# MODULE is a function that echoes its request's body. Exits 1 when an answer is another than expected.
set -euo pipefail

[ $# -eq 3 ] || { echo "usage: $0 URL ADMIN_KEY MODULE" >&2; exit 64; }
url=$1 key=$2 module=$3
api=$url/api/faas/v1
name=walk-$$
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

# expect STATUS JQ_CONDITION CURL_ARGUMENTS…: one call, with the key that is in use
expect() {
  local status=$1 condition=$2 got
  shift 2
  got=$(curl -sS -o "$folder/body" -w '%{http_code}' ${key:+-H "authorization: apikey $key"} "$@") || got="curl $?"
  if [ "$got" = "$status" ] && { [ -z "$condition" ] || jq -e "$condition" "$folder/body" >/dev/null 2>&1; }; then
    echo "ok $status ${*: -1}"
  else
    echo "FAILED: $status and '$condition' expected, $got from: curl $*" >&2
    head -c 500 "$folder/body" >&2
    echo >&2
    failures=$((failures + 1))
  fi
}

problem() { # STATUS CURL_ARGUMENTS…
  local status=$1
  shift
  expect "$status" ".status == $status and (.type | startswith(\"urn:photon:error:\")) and (.detail | length > 0)" "$@"
}

toml() { # VERSION [MORE]
  printf 'name = "%s"\nversion = "%s"\n%s\n' "$name" "$1" "${2:-}" >"$folder/photoniq.toml"
}

deploy() { # STATUS CONDITION MODULE
  expect "$1" "$2" -F "functionFile=@$3" -F "photoniqToml=@$folder/photoniq.toml" "$api/deploy"
}

refused() { # MODULE: a deployment that cannot be
  problem 400 -F "functionFile=@$1" -F "photoniqToml=@$folder/photoniq.toml" "$api/deploy"
}

# The service.
expect 200 '.status' "$api/health"
expect 200 '.status' "$api/ready"
expect 200 '.version | length > 0' "$api/version"
expect 200 '.openapi | startswith("3.1")' "$url/openapi.json"
expect 200 '' "$url/metrics"

# Deploying.
toml 1.0.0
deploy 200 ".name == \"$name\" and .version == \"1.0.0\" and .status == \"deployed\"" "$module"
deploy 200 '.status == "unchanged"' "$module"
toml 1.1.0 '[env_vars]
A = "b"'
deploy 200 '.status == "deployed"' "$module"
toml 2.0.0-rc.1 'unheard_of = true'
deploy 200 '.warning | contains("unheard_of")' "$module"
toml 1.0.0 'description = "another"'
refused "$module"
toml 3.0.0
refused "$0" # no module
problem 400 -F "photoniqToml=@$folder/photoniq.toml" "$api/deploy"
problem 400 -F "functionFile=@$module" "$api/deploy"
toml 1
refused "$module"
toml 3.0.0 'description = = "no TOML"'
expect 400 '.detail | test("line 3, column [0-9]+")' -F "functionFile=@$module" \
  -F "photoniqToml=@$folder/photoniq.toml" "$api/deploy"
for wrong in ../etc a/b "$(printf 'x%.0s' {1..300})"; do
  printf 'name = "%s"\nversion = "1.0.0"\n' "$wrong" >"$folder/photoniq.toml"
  refused "$module"
done

# Reading.
expect 200 "index(\"$name\") != null" "$api/functions"
expect 200 '. == ["1.0.0", "1.1.0", "2.0.0-rc.1"]' "$api/function/$name/versions"
problem 404 "$api/function/nobody/versions"
expect 200 '.version == "1.1.0" and .digest and .size > 0 and .lastUpdated' "$api/download/$name?metaOnly=true"
expect 200 '.version == "1.0.0"' "$api/download/$name/1.0.0?metaOnly=true"
expect 200 '' "$api/download/$name/1.0.0"
cmp "$folder/body" "$module" || failures=$((failures + 1))
expect 200 '' "$api/download/$name?metaOnly=false"
problem 404 "$api/download/$name/9.9.9"
problem 404 "$api/download/nobody"

# Aliases.
alias=$api/function/$name/alias/live
expect 200 '' -X PUT -d '[{"version":"1.0.0","weight":0.5},{"version":"1.1.0","weight":0.5}]' "$alias"
expect 200 'length == 2 and .[0].version == "1.0.0" and .[0].weight == 0.5' "$alias"
expect 200 '.[0].name == "live" and (.[0].versions | length == 2)' "$api/function/$name/aliases"
problem 400 -X PUT -d '[{"version":"1.0.0","weight":-1}]' "$alias"
problem 400 -X PUT -d '[{"version":"1.0.0","weight":0}]' "$alias"
problem 400 -X PUT -d '[{"version":"9.9.9","weight":1}]' "$alias"
problem 400 -X PUT -d 'no JSON' "$alias"
problem 404 -X PUT -d '[{"version":"1.0.0","weight":1}]' "$api/function/nobody/alias/live"
problem 404 "$api/function/$name/alias/nobody"
problem 404 "$api/function/nobody/aliases"

# Calling.
expect 200 '.hello == "world"' -d '{"hello":"world"}' "$api/execute/$name"
expect 200 '.hello == "world"' -d '{"hello":"world"}' "$api/execute/$name/1.0.0"
expect 200 '.hello == "world"' -X PUT -d '{"hello":"world"}' "$api/execute/$name/live"
expect 200 '' "$url/fn/$name"
problem 404 -d '{}' "$api/execute/nobody"
problem 404 -d '{}' "$api/execute/$name/9.9.9"

# Logs, usage, history.
expect 200 '(.start | type == "number") and (.end | type == "number") and .lines >= 0 and (.logs | type == "array")
  and has("size") and has("region") and has("instance")' "$api/logs?functionName=$name&lines=10&asc=true&level=INFO"
problem 400 "$api/logs?start=yesterday"
for period in min hour day week month year; do
  # An ingress that has just started reads what was counted before, and says to come again.
  expect 200 '.code == 200 and (.result | length > 0) and (.result[0] | .timestamp and .period and .type == "metric"
    and ([.metrics | keys[]] | sort == ["bytes_downloaded", "bytes_downloaded_per_second", "bytes_uploaded",
      "bytes_uploaded_per_second", "errors_count", "errors_count_per_second", "requests_count",
      "requests_count_per_second"]))' --retry 5 "$api/usage/$period"
done
expect 200 '.result | length <= 1' "$api/usage/min?limit=1&offset=1"
problem 400 "$api/usage/decade"
expect 200 'length >= 4 and .[0].at and .[0].by and .[0].action' "$api/function/$name/history"
problem 404 "$api/function/nobody/history"

# Keys and secrets.
expect 200 '.id and .key' -d '{"label":"walk","roles":["read"]}' "$api/keys"
reader=$(jq -r .key "$folder/body") reader_id=$(jq -r .id "$folder/body")
expect 200 'map(.label) | index("walk") != null' "$api/keys"
expect 200 '' -X PUT -d 'a value' "$api/secrets/$name"
expect 200 "map(.name) | index(\"$name\") != null" "$api/secrets"
expect 200 '' -X DELETE "$api/secrets/$name"
problem 404 -X DELETE "$api/secrets/$name"

# What a key may, and what nobody may without one.
admin=$key key=$reader
expect 200 '' "$api/functions"
problem 403 -X DELETE "$api/function/$name"
problem 403 "$api/keys"
problem 403 -d '{}' "$api/execute/$name"
key=
expect 200 '' "$api/health"
problem 401 "$api/functions"
problem 401 -d '{}' "$api/execute/$name"
expect 200 '' -H "authorization: Bearer $reader" "$api/functions"
key=$admin
expect 200 '' -X DELETE "$api/keys/$reader_id"
key=$reader
problem 401 "$api/functions"
key=$admin

# Deleting.
problem 409 -X DELETE "$api/function/$name/1.0.0"
expect 200 '' -X DELETE "$api/function/$name/1.0.0?force=true"
problem 404 -X DELETE "$api/function/$name/1.0.0"
expect 200 '. == ["1.1.0", "2.0.0-rc.1"]' "$api/function/$name/versions"
expect 200 '' -X DELETE "$alias"
expect 200 '' -X DELETE "$api/function/$name"
problem 404 -X DELETE "$api/function/$name"
problem 404 -d '{}' "$api/execute/$name"
problem 404 "$url/there/is/nothing"

[ "$failures" -eq 0 ] || { echo "$failures answers were not as expected" >&2; exit 1; }
