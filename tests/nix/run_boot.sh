#!/usr/bin/env bash
# run_boot.sh BINDIR [NAME…]: boots a real systemd with the units of our modules and the sops-inlay of BINDIR, for each NAME.nix
# in boot/, and runs NAME.sh in it. `race` is shown for sops-nix first where its program is found (SOPS_NIX_BIN, a folder).
# Needs root, Nix and the harness in ../shared beside the repository; without them it says so and passes, or with CI set fails
# where Nix is missing.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
shared=${SOPS_INLAY_SHARED:-$here/../../../shared}
[ -d "$shared/nix-harness" ] || { echo "skipped: no harness in $shared/nix-harness"; exit 0; }
command -v nix-build > /dev/null || { echo "nix-build is not installed"; [ -z "${CI:-}" ]; exit; }
[ "$(id -u)" = 0 ] || { echo "skipped: needs root"; exit 0; }
bin=$(readlink -f "$1"); shift
names=("$@")
[ "${#names[@]}" -gt 0 ] || names=(race unit required-by required-by-failed late-key for-users script emptied-script emptied-tmpfs-script key-credential encrypted-credential user-units agenix agenix-partial agenix-script home home-late-key home-switch)
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
export BOOT_FILES=$here/boot

home() { # config, more of nixmod.py
    python3 "$shared/nix-harness/nixmod.py" --lib "$shared/peers/nixpkgs-lib/lib" --kind home-manager \
        --module "$here/../../nixos-module/home-manager.nix" --config "$1" "${@:2}"
}
home_switch() { # config, script to write, more of nixmod.py: what home-manager runs when it is switched to
    home "$1" "${@:3}" --realise > "$work/report.json"
    python3 "$here/home.py" "$work/report.json" "$(home "$1" "${@:3}" --build unitsDir | tail -1)" > "$2"
    chmod 755 "$2"
}
build() { # module, config, program=folder, attribute
    python3 "$shared/nix-harness/nixmod.py" --lib "$shared/peers/nixpkgs-lib/lib" --module "$1" --config "$2" --bin "$3" --build "$4" | tail -1
}
boot() { # name, folder of units, activation script or nothing, that of the next configuration or nothing
    cat "$here/boot/lib.sh" > "$work/test.sh"
    [ -z "${3:-}" ] || echo "ACTIVATE=$3" >> "$work/test.sh"
    [ -z "${4:-}" ] || echo "ACTIVATE_NEXT=$4" >> "$work/test.sh"
    cat "$here/boot/$1.sh" >> "$work/test.sh"
    echo finish >> "$work/test.sh"
    sed -i '1i #!/bin/bash' "$work/test.sh"
    # systemd leaves the root mount private in a container; credentials reach their units through a shared one.
    mkdir -p "$work/shared/sysinit.target.wants"
    printf '[Unit]\nDefaultDependencies=no\nBefore=local-fs.target\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/mount --make-rshared /\n' > "$work/shared/shared.service"
    ln -sf ../shared.service "$work/shared/sysinit.target.wants/shared.service"
    local extra=(--units "$work/shared")
    case $1 in home* | user-units) extra+=(--logind) ;; esac
    if [ -n "${3:-}" ]; then
        # NixOS runs the activation script before systemd; here a unit does, before all others.
        mkdir -p "$work/activate/sysinit.target.wants"
        printf '[Unit]\nDefaultDependencies=no\nBefore=sysinit.target\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=%s\n' "$3" > "$work/activate/activate.service"
        ln -sf ../activate.service "$work/activate/sysinit.target.wants/activate.service"
        extra+=(--units "$work/activate")
    fi
    bash "$shared/nix-harness/boot-test.sh" --units "$2" "${extra[@]}" --setup "$here/boot/setup.sh" --out "$work/out" -- "$work/test.sh"
}

failed=0
for name in "${names[@]}"; do
    echo "== $name"
    config=$here/boot/$name.nix
    if [ "$name" = race ]; then
        rounds=${RACE_ROUNDS:-5} lost=0 won=0
        if [ -n "${SOPS_NIX_BIN:-}" ]; then
            units=$(build "$shared/peers/sops-nix/modules/sops" "$config" "sops-install-secrets=$SOPS_NIX_BIN" unitsDir)
            for _ in $(seq "$rounds"); do boot race "$units" > /dev/null || lost=$((lost + 1)); done
            echo "sops-nix: the EnvironmentFile was missing in $lost of $rounds boots"
        fi
        units=$(build "$here/../../nixos-module/sops.nix" "$config" "sops-inlay=$bin" unitsDir)
        for _ in $(seq "$rounds"); do boot race "$units" > "$work/race.log" && won=$((won + 1)) || cat "$work/race.log"; done
        echo "sops-inlay: it was there in $won of $rounds boots"
        [ "$won" = "$rounds" ] || failed=1
        continue
    fi
    case $name in
    home-switch)
        mkdir -p "$work/none" "$work/switch"
        home_switch "$config" "$work/switch/activate" --bin "sops-inlay=$bin"
        home_switch "$here/boot/$name-next.nix" "$work/switch/next"
        export USER_SWITCH=$work/switch
        boot "$name" "$work/none" || failed=1
        unset USER_SWITCH
        ;;
    home*)
        mkdir -p "$work/none"
        USER_UNITS=$(home "$config" --bin "sops-inlay=$bin" --build unitsDir | tail -1)
        export USER_UNITS
        boot "$name" "$work/none" || failed=1
        unset USER_UNITS
        ;;
    *script)
        top=$(build "$here/../../nixos-module" "$config" "sops-inlay=$bin" toplevel)
        next=
        # The configuration that is switched to, without a package of ours.
        [ ! -e "$here/boot/$name-next.nix" ] ||
            next=$(python3 "$shared/nix-harness/nixmod.py" --lib "$shared/peers/nixpkgs-lib/lib" --module "$here/../../nixos-module" \
                --config "$here/boot/$name-next.nix" --build toplevel | tail -1)/activate
        boot "$name" "$top/units" "$top/activate" "$next" || failed=1
        ;;
    *)
        boot "$name" "$(build "$here/../../nixos-module" "$config" "sops-inlay=$bin" unitsDir)" || failed=1
        ;;
    esac
done
exit $failed
