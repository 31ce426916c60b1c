# check NAME COMMAND: one line of the result; the exit code of the test is that of `finish`.
failed=0
check() { if eval "$2"; then echo "ok   $1"; else echo "FAIL $1: $2"; failed=1; fi; }
access() { stat -Lc %U:%G:%a "$1"; }
pid() { systemctl show -p MainPID --value "$1"; }
finish() { exit $failed; }
systemctl is-system-running --wait > /dev/null || true
