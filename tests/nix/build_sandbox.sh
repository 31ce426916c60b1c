#!/usr/bin/env bash
# build_sandbox.sh [ARGUMENT…]: runs the unit tests where Nix would run them when it builds the package: no file of the system
# but libraries and /bin/sh, no /usr/bin, a user without a home, no network, and of the sources what package.nix takes. Needs
# root and mount namespaces; without them it says so and passes.
set -euo pipefail
root=$(readlink -f "$(dirname "$0")/../..")
cd "$root"
unshare -m true 2> /dev/null || { echo "skipped: needs root and unshare -m"; exit 0; }
tests=$(cargo test --locked --lib --no-run 2>&1 | sed -n 's/^ *Executable unittests src.lib.rs (\(.*\))$/\1/p')
[ -x "$tests" ] || { echo "cargo gives no unit tests" >&2; exit 1; }

# What a Nix build has in PATH.
tools="bash cat chgrp chmod chown cmp comm cp cut date dd df diff dirname du echo env expr false find grep head id install join
    ln ls make md5sum mkdir mkfifo mktemp mv nproc od paste patch printf pwd readlink realpath rm rmdir sed seq sh sha256sum shuf sleep
    sort split stat tail tar tee test timeout touch tr true truncate uname uniq wc xargs yes"
# What of the tree it has: see `src` in nixos-module/package.nix.
sources="Cargo.toml Cargo.lock src tests templates-examples"

sandbox=$(mktemp -d)
trap 'rm -rf "$sandbox"' EXIT
mkdir -p "$sandbox"/{bin,nix/bin,build,tmp,proc,dev,etc} "$sandbox$root"
cp "$(readlink -f /bin/sh)" "$sandbox/bin/sh"
for tool in $tools; do
    cp "$(type -P "$tool")" "$sandbox/nix/bin/$tool"
done
cp "$tests" "$sandbox/build/tests"
for source in $sources; do
    cp -r "$root/$source" "$sandbox$root/"
done
printf 'root:x:0:0:Nix build user:/build:/noshell\nnixbld:x:1000:100:Nix build user:/build:/noshell\nnobody:x:65534:65534:Nobody:/:/noshell\n' > "$sandbox/etc/passwd"
printf 'root:x:0:\nnixbld:!:100:\nnogroup:x:65534:\n' > "$sandbox/etc/group"
chown -R 1000:100 "$sandbox/build" "$sandbox$root"
chmod 755 "$sandbox"
chmod 1777 "$sandbox/tmp"

inside='
for folder in lib lib32 lib64 usr/lib; do
    [ -d "/$folder" ] || continue
    mkdir -p "$0/$folder"
    mount --bind "/$folder" "$0/$folder"
done
for device in null zero full random urandom tty; do
    touch "$0/dev/$device"
    mount --bind "/dev/$device" "$0/dev/$device"
done
ln -s /proc/self/fd "$0/dev/fd"
mount -t proc proc "$0/proc"
exec chroot --userspec=1000:100 --groups= "$0" "$@"'
unshare --mount --net --pid --fork bash -euc "$inside" "$sandbox" \
    /nix/bin/env -i -C "$root" PATH=/nix/bin HOME=/homeless-shelter TMPDIR=/build NIX_BUILD_TOP=/build /build/tests -q "$@"
