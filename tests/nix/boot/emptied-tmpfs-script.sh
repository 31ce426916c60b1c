check "they are in a tmpfs" '[ "$(findmnt -n -o FSTYPE /run/secrets.d)" = tmpfs ] && [ -s /run/secrets/api_key ]'
check "the next configuration activates" '"$ACTIVATE_NEXT" > /dev/null'
# A second file system over the first would only hide them.
check "it is the same file system" '[ "$(findmnt -n -o FSTYPE /run/secrets.d)" = tmpfs ] && [ "$(grep -c " /run/secrets.d " /proc/mounts)" = 1 ]'
check "no secret is left" '[ -z "$(find /run/secrets.d /run/secrets-for-users.d -type f)" ]'
check "no link or copy outside, either" '[ ! -L /etc/app/token ] && [ ! -e /etc/app/copied ]'
check "nothing is left to run" '[ -z "$(ls /var/lib/sops-inlay | grep remove-)" ]'
