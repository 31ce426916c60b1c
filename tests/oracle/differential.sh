#!/usr/bin/env bash
# Compares `sops-inlay decrypt` with the real sops over random documents: 2,000 of them, or as many as the first
# argument says, from a seed that is the second argument or the time. Needs sops on PATH (or in SOPS_BIN).
set -euo pipefail
cd "$(dirname "$0")/../.."
export SOPS_INLAY_CASES=${1:-2000} SOPS_INLAY_SEED=${2:-$(date +%s)} CI=1
echo "seeds from $SOPS_INLAY_SEED"
exec cargo test --test differential -- --nocapture
