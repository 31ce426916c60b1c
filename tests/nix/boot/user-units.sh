mkdir -p /etc/systemd/user
printf '[Service]\nExecStart=/bin/sh -c "cat /run/secrets/token > /run/user/1500/seen; exec sleep 1000"\n' > /etc/systemd/user/reader.service
as() { runuser -u app -- env XDG_RUNTIME_DIR=/run/user/1500 "$@"; }
changed_to() {
    manifest=$(systemctl show -p ExecStart --value sops-install-secrets.service | grep -o '/nix/store/[^ ;]*manifest.json' | head -1)
    program=$(systemctl show -p ExecStart --value sops-install-secrets.service | grep -o '/nix/store/[^ ;]*bin/sops-inlay' | head -1)
    sed "s/\"key\":\"[a-z_]*\"/\"key\":\"$1\"/" "$manifest" > /run/changed.json
    "$program" install /run/changed.json
}
check "nobody is logged in: a changed secret is installed" 'changed_to api_key && [ "$(cat /run/secrets/token)" = key-of-api ]'
systemctl start user@1500
as systemctl --user start reader.service; sleep 0.3
old=$(as systemctl --user show -p MainPID --value reader)
check "the user's service runs with it" '[ "$(cat /run/user/1500/seen)" = key-of-api ]'
check "a secret changes" 'changed_to token'; sleep 0.7
check "the service is a new process" '[ "$(as systemctl --user show -p MainPID --value reader)" != "$old" ]'
check "that read the new value" '[ "$(cat /run/user/1500/seen)" = t0ken ]'
as systemctl --user stop reader.service
check "what does not run is not started" 'changed_to api_key && sleep 0.5 && ! as systemctl --user is-active -q reader'
