check "the other secret is there, with its owner" '[ "$(access /run/agenix/one)" = late:app:400 ]'
check "the unit says that one failed" 'systemctl is-failed -q agenix-install-secrets.service'
check "what requires the secrets did not start" '[ ! -e /run/app-started ]'
