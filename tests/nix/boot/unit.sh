check "ramfs" 'findmnt -n -t ramfs /run/secrets.d > /dev/null'
check "owner by name" '[ "$(access /run/secrets/api_key)" = app:app:400 ]'
check "group and mode" '[ "$(access /run/secrets/token)" = root:keys:440 ]'
check "several links" '[ "$(cat /etc/app/token)$(cat /etc/app/token2)" = t0kent0ken ]'
check "a secret for templates alone is in no file" '[ ! -e /run/secrets/db_password ]'
check "a template in a folder, linked elsewhere" '[ "$(cat /etc/app/app.conf)" = "pass p4ss \"quoted\" \\back;" ]'
check "a number, and one as text" 'python3 -c "import json; v = json.load(open(\"/run/secrets/rendered/numbers.json\")); assert v[\"text\"] == str(v[\"number\"]) and type(v[\"number\"]) is int, v"'
check "a copy is a file" '[ -f /etc/app/copied ] && [ ! -L /etc/app/copied ]'
check "EnvironmentFile" 'grep -qx API_KEY=key-of-api /run/app/env'
check "a credential for a DynamicUser" '[ "$(cat /var/lib/private/dynamic/seen)" = t0ken ]'
check "others read nothing" '! runuser -u nobody -- cat /run/secrets/api_key 2> /dev/null'

old=$(pid app); generation=$(readlink /run/secrets)
systemctl restart sops-install-secrets.service; sleep 0.5
check "nothing changed: no restart" '[ "$(pid app)" = "$old" ]'
check "nothing changed: same generation" '[ "$(readlink /run/secrets)" = "$generation" ]'

# The same manifest with another value behind the secret.
manifest=$(systemctl show -p ExecStart --value sops-install-secrets.service | grep -o '/nix/store/[^ ;]*manifest.json' | head -1)
program=$(systemctl show -p ExecStart --value sops-install-secrets.service | grep -o '/nix/store/[^ ;]*bin/sops-inlay' | head -1)
python3 - "$manifest" > /run/changed.json <<'P'
import json, sys
manifest = json.load(open(sys.argv[1]))
for secret in manifest["secrets"]:
    if secret["name"] == "api_key":
        secret["key"] = "token"
    if secret["name"] == "copied":
        secret["remove"] = True
manifest["secrets"] = [s for s in manifest["secrets"] if not s.pop("remove", False)]
json.dump(manifest, sys.stdout)
P
check "a changed secret is installed" 'SOPS_RESTART_UNITS_VIA_SYSTEMCTL=1 $program install /run/changed.json'; sleep 0.5
check "its unit is restarted" '[ "$(pid app)" != "$old" ] && [ "$(pid app)" != 0 ]'
check "with the new value" 'grep -qx API_KEY=t0ken /run/app/env'
check "what is no longer declared is gone" '[ ! -e /etc/app/copied ] && [ ! -e /run/secrets/copied ]'

rm /run/age-keys.txt
check "without its key the unit fails" '! systemctl restart sops-install-secrets.service'
check "and shows as failed" 'systemctl is-failed -q sops-install-secrets.service'
check "what was installed is still there" '[ "$(cat /run/secrets/api_key)" = t0ken ]'
