systemctl start user@1500
as() { runuser -u app -- env XDG_RUNTIME_DIR=/run/user/1500 "$@"; }
secrets=/home/app/.config/sops-nix/secrets
for _ in $(seq 50); do [ -s /home/app/seen ] && break; sleep 0.1; done
check "a stable path without variables" '[ "$(cat $secrets/token)" = t0ken ]'
check "a path in the runtime folder" '[ "$(cat "/run/user/1500/api key")" = key-of-api ]'
check "a template" '[ "$(cat $secrets/rendered/a.conf)" = "token t0ken" ]'
check "the user's own, for nobody else" '[ "$(access $secrets/token)" = app:app:400 ]'
check "a service of the user found it" '[ "$(cat /home/app/seen)" = t0ken ]'
check "agenix's path" '[ "$(cat /run/user/1500/agenix/one)" = "agenix one" ]'

unit=/home/app/.config/systemd/user/sops-nix.service
manifest=$(grep -o '/nix/store/[^ ]*manifest.json' "$(grep -o '/nix/store/[^ ]*sops-nix-user' "$unit")" | head -1)
program=$(grep -o '/nix/store/[^ ]*bin/sops-inlay' "$(grep -o '/nix/store/[^ ]*sops-nix-user' "$unit")" | head -1)
old=$(as systemctl --user show -p MainPID --value reader)
sed 's/"key":"token"/"key":"api_key"/' "$manifest" > /run/changed.json; chmod 644 /run/changed.json
environment=$(sed -n "s/^Environment=//p" "$unit" | tr -d "'")
check "a changed secret restarts the user's unit" 'as env -i XDG_RUNTIME_DIR=/run/user/1500 HOME=/home/app $environment $program install /run/changed.json'; sleep 0.5
check "which is a new process" '[ "$(as systemctl --user show -p MainPID --value reader)" != "$old" ]'
check "that sees the new value" '[ "$(cat /home/app/seen)" = key-of-api ]'
