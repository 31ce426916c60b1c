#!/bin/bash
# Renders a few thousand random templates in each format and lets the programs themselves read them: Python's json,
# tomllib, yaml, xml.etree and configparser, PHP, GLib, MariaDB, Go's ini.v1 and yaml.v3, Java, nginx, dash, bash and
# systemd. What is not there is skipped with a message, or with CI set is a failure.
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
run python3 tests/oracle/ini.py "$dump"
run go run -C tests/oracle/yaml_v3 . "$dump/yaml.jsonl"
run go run -C tests/oracle/yaml_v3 . "$dump/soup-yaml.jsonl"
run go run -C tests/oracle/ini_v1 . "$dump/ini.jsonl"
run java tests/oracle/Properties.java "$dump/properties.jsonl"
run java tests/oracle/Xml.java "$dump/xml.jsonl"
if command -v nginx > /dev/null; then run python3 tests/oracle/nginx.py "$dump" 1000; else missing nginx; fi
INLAY_SHELL=$(command -v bash) INLAY_CASES=$files run cargo test --locked --test formats -- --nocapture sh_
run tests/oracle/systemd-env.sh "$dump" 2000
exit $failed
