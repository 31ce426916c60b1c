check "the key was fetched" 'systemctl is-active -q fetch-key.service'
check "the secrets are installed" '[ "$(cat /run/secrets/api_key)" = key-of-api ]'
check "the service found them" 'systemctl is-active -q app.service'
