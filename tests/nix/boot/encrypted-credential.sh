check "the key is nowhere in the clear" '! grep -q AGE-SECRET-KEY /etc/credstore.encrypted/age-key && rm -f /run/age-keys.txt /etc/credstore/age-key'
check "the secret is there" '[ "$(cat /run/secrets/token)" = t0ken ]'
