rm -f /run/age-keys.txt
check "the secret is there" '[ "$(cat /run/secrets/token)" = t0ken ]'
