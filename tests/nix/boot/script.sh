check "the scripts ran" '[ "$(access /run/secrets/api_key)" = app:app:400 ] && [ -e /run/secrets-for-users/alice_password ]'
check "the unit that needs them runs" 'systemctl is-active -q app.service'
check "the result is no failure" '! systemctl is-failed -q sops-install-secrets-result.service'

generation=$(readlink /run/secrets)
check "a dry activation succeeds" 'NIXOS_ACTION=dry-activate "$ACTIVATE" > /dev/null'
check "and installs nothing" '[ "$(readlink /run/secrets)" = "$generation" ]'

rm /run/age-keys.txt
check "without its key the activation fails" '! "$ACTIVATE" 2> /run/said'
check "saying why" 'grep -q age-keys.txt /run/said'
systemctl start multi-user.target
check "a unit shows it" 'systemctl is-failed -q sops-install-secrets-result.service'
check "in words" 'journalctl -u sops-install-secrets-result -o cat | grep -q "activation script setupSecrets failed"'
systemctl stop app.service
check "what needs the secrets does not start" '! systemctl start app.service 2> /dev/null'
check "what was installed is still there" '[ "$(cat /run/secrets/api_key)" = key-of-api ]'

cp /etc/credstore/age-key /run/age-keys.txt
check "with its key again it succeeds" '"$ACTIVATE" > /dev/null'
check "and the unit starts" 'systemctl start app.service'
