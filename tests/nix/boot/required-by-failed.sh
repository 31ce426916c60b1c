check "the installer failed" 'systemctl is-failed -q sops-install-secrets.service'
check "what needs the secrets was not started" '[ "$(systemctl show -p ExecMainStartTimestampMonotonic --value app.service)" = 0 ]'
check "nor can it be" '! systemctl start manual.service 2> /dev/null'
