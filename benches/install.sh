#!/bin/bash
# Times our installer beside sops-nix's Go program, agenix's script and the floor, run by run, and checks that all
# install the same bytes. See README.md beside this file.
#
#   benches/install.sh [--cases 1,10,100] [--runs 11] [further options of bench.py]
#   BINARY  ours (default: target/release/sops-inlay)
#   SOPS_INSTALL_SECRETS_BIN  the Go program (default: by PATH)
#   AGE_BIN  Go's age, for the agenix column (default: by PATH; empty leaves the column out)
set -euo pipefail
project=$(cd "$(dirname "$0")/.." && pwd)
bench=$project/../shared/bench
binary=$(readlink -f "${BINARY:-$project/target/release/sops-inlay}")
go=${SOPS_INSTALL_SECRETS_BIN:-$(command -v sops-install-secrets)} || { echo "error: no sops-install-secrets" >&2; exit 1; }
age=${AGE_BIN-$(command -v age || true)}
[ -x "$binary" ] || { echo "error: no binary at $binary; run cargo build --release" >&2; exit 1; }
[ -f "$bench/bench.py" ] || { echo "error: no bench.py in $bench" >&2; exit 1; }
state=$(mktemp -d)
trap 'rm -rf "$state"' EXIT
export SOPS_INLAY_STATE_DIR=$state
unshare -m python3 "$bench/bench.py" --cmd go="$go" --cmd inlay="$binary install" ${age:+--age "$age"} "$@"
