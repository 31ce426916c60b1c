#!/bin/bash
# sops-nix's own Go tests, unchanged, against our binary: in a scratch copy of its source `installSecrets()` alone is
# replaced, by a call of BINARY under the name sops-install-secrets.
#
#   tests/oracle/sops-nix-go-tests.sh [BINARY]
#   SOPS_NIX_SOURCE   sops-nix's source (default: ../shared/peers/sops-nix beside the project)
#
# Needs root, go and gpg. Exit 77 and a message where something is missing; under CI a missing tool is a failure.
set -euo pipefail
project=$(cd "$(dirname "$0")/../.." && pwd)
binary=$(readlink -f "${1:-$project/target/debug/sops-inlay}")
source=${SOPS_NIX_SOURCE:-$project/../shared/peers/sops-nix}
skip() { echo "skipped: $1" >&2; exit 77; }
lack() { if [ -n "${CI:-}" ]; then echo "error: $1" >&2; exit 1; else skip "$1"; fi; }
[ -d "$source" ] || skip "no sops-nix source at $source"
[ -x "$binary" ] || { echo "error: no binary at $binary; run cargo build" >&2; exit 1; }
for tool in go gpg unshare; do command -v $tool >/dev/null || lack "no $tool here"; done
[ "$(id -u)" = 0 ] || lack "the tests mount, which needs root"

scratch=$(mktemp -d)
trap 'chmod -R u+w "$scratch"; rm -rf "$scratch"' EXIT
cp -r --no-preserve=mode "$source" "$scratch/sops-nix"
cd "$scratch/sops-nix/pkgs/sops-install-secrets"
chmod 600 test-assets/* 2>/dev/null || true
grep -q '^func installSecrets(args \[\]string) error {$' main.go
sed -i 's/^func installSecrets(/func replacedInstallSecrets(/' main.go
ln -s "$binary" "$scratch/sops-install-secrets"
cat > install_by_exec.go <<GO
package main

import (
	"os"
	"os/exec"
)

func installSecrets(args []string) error {
	cmd := exec.Command("$scratch/sops-install-secrets", args[1:]...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd.Run()
}
GO
export SOPS_INLAY_STATE_DIR=$scratch/state GOFLAGS=-mod=mod
# Mounts end with the namespace. The count of tests is named, so that none is lost in silence.
unshare -m go test -count=1 -v . | tee "$scratch/log"
for test in TestAge TestAgeWithSSH TestAll TestValidateManifest TestIsValidFormat; do
  grep -q "^--- PASS: $test " "$scratch/log" || { echo "error: $test did not pass" >&2; exit 1; }
done
