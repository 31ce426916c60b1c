#!/bin/bash
# The promise of `format`, a million random templates per format, in an optimised build. Prints seeds, counts, refusals.
#
# usage: property.sh [CASES] [SEED]
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
# Only this crate is optimised: the dependencies are those of every other test.
export CARGO_PROFILE_DEV_OPT_LEVEL=2
export INLAY_CASES=${1:-1000000} INLAY_SEED=${2:-1}
cargo test --locked --test formats -- --nocapture says say
