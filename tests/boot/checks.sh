#!/bin/bash
# Run inside, after multi-user.target. Prints a line for each promise; ends with 1 where one is broken.
fail=0
ok() { if eval "$2"; then echo "ok   $1"; else echo "FAIL $1"; fail=1; fi; }
mapfile -t folders < /run/unit-folders
unit=sops-install-secrets.service
pid() { systemctl show -p MainPID --value app; }
# switch N: what a switch to configuration N does to our unit.
switch() { cp --no-preserve=mode "${folders[$1]}/$unit" /etc/systemd/system/$unit; systemctl daemon-reload; systemctl restart $unit; }
settle() { sleep 0.7; }

systemctl is-system-running --wait
db=example-Kq7vT2mXw9
ok "first boot: the installer ran" 'systemctl is-active -q $unit'
ok "nothing failed" '[ -z "$(systemctl --failed --plain --no-legend)" ]'
ok "secrets are in a ramfs" 'findmnt -n -t ramfs /run/secrets.d >/dev/null'
ok "the mount is root:keys 0751" '[ "$(stat -c %U:%G:%a /run/secrets.d)" = root:keys:751 ]'
ok "the link names the first generation" '[ "$(readlink /run/secrets)" = /run/secrets.d/1 ]'
ok "a secret belongs to its real user" '[ "$(stat -Lc %U:%G:%a /run/secrets/db)" = app:app:400 ]'
ok "a secret elsewhere is a link" '[ "$(stat -Lc %U:%G:%a /etc/app/mail.key)" = root:keys:440 ] && [ -L /etc/app/mail.key ]'
ok "nobody reads it who may not" '! runuser -u nobody -- cat /run/secrets/db 2>/dev/null'
ok "the service got its environment" 'grep -qx "DB=$db" /run/app/env && grep -qx "MAIL=example #1: sends & mails" /run/app/env'
p=$(pid)
switch 0; settle
ok "without a change a new generation" '[ "$(readlink /run/secrets)" = /run/secrets.d/2 ]'
ok "without a change nothing restarts" '[ "$(pid)" = "$p" ] && [ ! -e /run/other.reloads ]'
switch 1; settle
ok "a change restarts the service" '[ "$(pid)" != "$p" ] && [ "$(pid)" != 0 ]'
ok "it has the new value" 'grep -q "^DB=.argon2id" /run/app/env'
ok "what did not change is not reloaded" '[ ! -e /run/other.reloads ]'
p=$(pid); before=$(readlink /run/secrets; sha256sum /run/secrets/db /run/secrets/rendered/app.env; ls /run/secrets.d)
ok "a failing activation says so" '! switch 2'; settle
ok "it is among the failed units" 'systemctl --failed --plain --no-legend | grep -q "^$unit"'
ok "the old generation is as it was" '[ "$(readlink /run/secrets; sha256sum /run/secrets/db /run/secrets/rendered/app.env; ls /run/secrets.d)" = "$before" ]'
ok "the service goes on" '[ "$(pid)" = "$p" ]'
ok "the journal names the missing key" 'journalctl -b -u $unit -o cat | grep -q "/run/lost-key.txt"'
switch 0; settle
ok "the next good one recovers" 'systemctl is-active -q $unit && [ "$(cat /run/secrets/db)" = "$db" ]'
ok "no value is in the journal" '! journalctl -b -o cat | grep -qF -e "$db" -e argon2id'
exit $fail
