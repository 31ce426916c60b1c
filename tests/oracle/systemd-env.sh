#!/bin/bash
# Boots real systemd, starts one service for each finished environment file of a dump (see tests/formats/main.rs), and
# compares the environment each service got.
#
# usage: systemd-env.sh DUMP_DIRECTORY [LIMIT]      BOOT_TEST: the script that boots systemd in namespaces
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
boot=${BOOT_TEST:-$here/../../../shared/nix-harness/boot-test.sh}
[ -x "$boot" ] || { echo "env: skipped: no $boot"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/units" "$work/out/files" "$work/out/environ"
python3 - "$1/env.jsonl" "$work/out/files" "${2:-2000}" <<'PY'
import base64, json, pathlib, sys
directory = pathlib.Path(sys.argv[2])
for number, line in zip(range(int(sys.argv[3])), open(sys.argv[1])):
    (directory / str(number)).write_bytes(base64.b64decode(json.loads(line)["text"]))
PY
cat > "$work/units/envfile@.service" <<'UNIT'
[Unit]
StartLimitIntervalSec=0
[Service]
Type=oneshot
EnvironmentFile=/out/files/%i
ExecStart=/bin/sh -c 'cat /proc/self/environ > /out/environ/%i'
UNIT
cat > "$work/test" <<'TEST'
#!/bin/bash
ls /out/files | sed 's/.*/envfile@&.service/' | xargs -n 100 systemctl start
true
TEST
chmod +x "$work/test"
"$boot" --units "$work/units" --out "$work/out" --timeout 500 -- "$work/test"
python3 - "$1/env.jsonl" "$work/out/environ" "${2:-2000}" <<'PY'
import base64, json, pathlib, sys
directory, cases, broken = pathlib.Path(sys.argv[2]), 0, 0
for number, line in zip(range(int(sys.argv[3])), open(sys.argv[1])):
    case = json.loads(line)
    cases += 1
    try:
        pairs = dict(pair.split(b"=", 1) for pair in (directory / str(number)).read_bytes().split(b"\0") if pair)
    except FileNotFoundError:
        pairs = {}
    for path, leaf in case["leaves"]:
        if pairs.get(base64.b64decode(path[0])) != base64.b64decode(leaf["text"]):
            broken += 1
            print("env: broken:", base64.b64decode(case["text"])[:500], pairs)
            break
print(f"env: {cases} files read by systemd, {broken} broken")
sys.exit(broken > 0)
PY
