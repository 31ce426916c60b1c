installer=sops-install-secrets.service
systemctl start manual.service
app=$(pid app) manual=$(pid manual)
both() { [ "$app" != 0 ] && [ "$(pid app) $(pid manual)" = "$app $manual" ]; }
check "they start where the secrets are installed" 'systemctl is-active -q app.service manual.service'

# What a switch does with a changed unit, or with one that says stopIfChanged = false.
systemctl stop $installer
check "stopping the installer stops nobody" both
systemctl restart sysinit-reactivation.target
systemctl start $installer multi-user.target
check "nor does starting it again" both
systemctl restart $installer
check "nor does restarting it" both
check "it is installed" 'systemctl is-active -q $installer && [ -s /run/secrets/api_key ]'

# Another value behind the secret, by a unit that changed: who asks to be restarted is, the other one is not.
exec=$(systemctl show -p ExecStart --value $installer)
program=$(grep -o '/nix/store/[^ ;]*bin/sops-inlay' <<< "$exec" | head -1)
manifest=$(grep -o '/nix/store/[^ ;]*manifest.json' <<< "$exec" | head -1)
sed 's/"key":"api_key"/"key":"token"/' "$manifest" > /run/changed.json
mkdir -p /run/systemd/system/$installer.d
printf '[Service]\nExecStart=\nExecStart=%s install /run/changed.json\n' "$program" > /run/systemd/system/$installer.d/changed.conf
systemctl stop $installer; systemctl daemon-reload; systemctl reset-failed $installer
systemctl restart sysinit-reactivation.target; systemctl start $installer; sleep 0.5
check "the new value is there" '[ "$(cat /run/secrets/api_key)" = t0ken ]'
check "its unit was restarted" '[ "$(pid app)" != "$app" ] && systemctl is-active -q app.service'
check "the other one was not" '[ "$(pid manual)" = "$manual" ]'
app=$(pid app)

mv /run/age-keys.txt /run/away
check "without its key the installer fails" '! systemctl restart $installer 2> /dev/null'
check "what runs goes on" both
systemctl stop app.service manual.service
check "what needs the secrets does not start" '! systemctl start manual.service 2> /dev/null'
check "and is not running" '! systemctl is-active -q manual.service'
check "nor by its target" '! systemctl start app.service 2> /dev/null && ! systemctl is-active -q app.service'
check "in words" 'journalctl -u sops-install-secrets-result -o cat | grep -q "sops-install-secrets.service failed"'

mv /run/away /run/age-keys.txt
systemctl reset-failed $installer
check "with the key again the start of a service installs first" 'systemctl start manual.service && systemctl is-active -q $installer'
check "and the other one starts" 'systemctl start app.service'
systemctl stop $installer app.service
check "an installer that was stopped is started too" 'systemctl start app.service && systemctl is-active -q $installer app.service'
check "often" 'for _ in 1 2 3 4 5 6 7 8; do systemctl restart manual.service || break; done && systemctl is-active -q manual.service'
