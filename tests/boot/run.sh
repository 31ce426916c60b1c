#!/bin/bash
# Boots a host under real systemd with the unmodified sops-nix module and our binary as its installer: checks.sh says what
# must hold. In namespaces of its own; takes some seconds; the machine is not touched.
#
#   tests/boot/run.sh [BINARY]
#   SHARED  folder with nix-harness and peers (default: ../shared beside the project)
#
# Needs root, nix, systemd. Exit 77 and a message where something is missing; under CI a missing tool is a failure.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
project=$(cd "$here/../.." && pwd)
shared=${SHARED:-$project/../shared}
binary=$(readlink -f "${1:-$project/target/debug/sops-inlay}")
skip() { echo "skipped: $1" >&2; exit 77; }
lack() { if [ -n "${CI:-}" ]; then echo "error: $1" >&2; exit 1; else skip "$1"; fi; }
harness=$shared/nix-harness
for folder in "$harness" "$shared/peers/sops-nix" "$shared/peers/nixpkgs-lib"; do [ -d "$folder" ] || skip "no $folder"; done
[ -x "$binary" ] || { echo "error: no binary at $binary; run cargo build" >&2; exit 1; }
[ "$(id -u)" = 0 ] || lack "booting needs root"
for tool in nix-build python3 unshare findmnt; do command -v $tool >/dev/null || lack "no $tool here"; done
[ -x /lib/systemd/systemd ] || lack "no systemd here"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/bin"
cp "$binary" "$scratch/bin/sops-install-secrets"
chmod 755 "$scratch" "$scratch/bin" "$scratch/bin/sops-install-secrets"
folders=()
for number in 1 2 3; do
  # The module's own check phase runs our binary too: a manifest it refuses builds nothing.
  folder=$(python3 "$harness/nixmod.py" --lib "$shared/peers/nixpkgs-lib/lib" --module "$shared/peers/sops-nix/modules/sops" \
    --config "$here/host-$number.nix" --bin sops-install-secrets="$scratch/bin" --build unitsDir | tail -1)
  [ -f "$folder/sops-install-secrets.service" ] || { echo "error: host-$number.nix was not built" >&2; exit 1; }
  folders+=("$folder")
done
export BOOT_KEY=$project/tests/keys/age-test.txt
BOOT_UNITS=$(printf '%s\n' "${folders[@]}")
export BOOT_UNITS
"$harness/boot-test.sh" --units "${folders[0]}" --setup "$here/setup.sh" --out "$scratch/out" -- "$here/checks.sh" || {
  rc=$?
  tail -40 "$scratch/out/journal.log" >&2 || true
  exit $rc
}
