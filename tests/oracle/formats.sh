#!/bin/bash
# Renders a few thousand random templates in each format and lets the programs themselves read them: Python's json,
# tomllib, yaml, xml.etree and configparser, Go's yaml.v3, Java, nginx, dash, bash and systemd. What is not there is
# skipped with a message, or with CI set is a failure.
#
# usage: formats.sh [FILES]        FILES: finished files per format, 3000
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
files=${1:-3000}
dump=$(mktemp -d)
trap 'rm -rf "$dump"' EXIT
failed=0
missing() {
    echo "skipped: no $1"
    [ -z "${CI:-}" ] || failed=1
}
run() {
    if command -v "$1" > /dev/null; then "$@" || failed=1; else missing "$1"; fi
}
INLAY_DUMP=$dump INLAY_DUMP_CASES=$files INLAY_CASES=$((files * 3)) cargo test --locked --test formats -- --nocapture says say |
    grep -E 'seeds|broken|result' || failed=1
INLAY_DUMP=$dump INLAY_DUMP_CASES=$files INLAY_CASES=$((files * 9)) cargo test --locked --test formats -- --nocapture scraps |
    grep -E 'result' || failed=1
run python3 tests/oracle/readers.py "$dump"
run python3 tests/oracle/soup.py "$dump"
(cd tests/oracle/yaml_v3 && run go run . "$dump/yaml.jsonl" && run go run . "$dump/soup-yaml.jsonl") || failed=1
run java tests/oracle/Properties.java "$dump/properties.jsonl"
if command -v nginx > /dev/null; then run python3 tests/oracle/nginx.py "$dump" 1000; else missing nginx; fi
INLAY_SHELL=$(command -v bash) INLAY_CASES=$files run cargo test --locked --test formats -- --nocapture sh_
run tests/oracle/systemd-env.sh "$dump" 2000
exit $failed
