#!/usr/bin/env bash
# run_flake.sh [NIX]: `nix flake check --no-build` of this tree, offline, with the stand-in for nixpkgs that the harness in
# ../shared makes. The lock must need no change, and default.nix must give the same package as the flake. Without Nix or the
# harness it says so and passes, or with CI set fails where Nix is missing.
set -euo pipefail
root=$(readlink -f "$(dirname "$0")/../..")
shared=${SOPS_INLAY_SHARED:-$root/../shared}
nix=${1:-nix}
[ -d "$shared/nix-harness" ] || { echo "skipped: no harness in $shared/nix-harness"; exit 0; }
command -v "$nix" > /dev/null || { echo "nix is not installed"; [ -z "${CI:-}" ]; exit; }
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
export NIX_CONFIG=$'substitute = false\nexperimental-features = nix-command flakes'

mkdir "$work/tree"
tar -C "$root" --exclude=./target --exclude=./.git -c . | tar -C "$work/tree" -x
"$shared/nix-harness/make-nixpkgs-stub.sh" "$work/nixpkgs" "$shared/peers/nixpkgs-lib/lib"

quiet() { "$nix" "$@" 2> "$work/stderr" || { cat "$work/stderr" >&2; echo "failed: $nix $*" >&2; exit 1; }; }
flake=path:$work/tree
stub=(--offline --no-write-lock-file --override-input nixpkgs "path:$work/nixpkgs")

quiet flake metadata --offline --no-update-lock-file "$flake" > /dev/null
quiet flake check --no-build "${stub[@]}" "$flake"

packages=$flake#packages.$(quiet eval --raw --impure --expr builtins.currentSystem)
for package in sops-inlay sops-install-secrets default; do
    program=$(quiet eval --raw "${stub[@]}" "$packages.$package.meta.mainProgram")
    [ "$program" = sops-inlay ] || { echo "the main program of $package is '$program'" >&2; exit 1; }
done

by_flake=$(quiet eval --raw "${stub[@]}" "$packages.default.name")
by_hand=$(quiet eval --raw --impure --expr "(import $work/tree { pkgs = import $work/nixpkgs { }; }).default.name")
[ "$by_flake" = "$by_hand" ] || { echo "default.nix gives '$by_hand', the flake '$by_flake'" >&2; exit 1; }
echo "flake: ok, $("$nix" --version)"
