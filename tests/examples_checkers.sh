#!/usr/bin/env bash
# Hands the expected files of templates-examples/ to the programs that read them, and fails where one does not take its file or
# reads another password than the one that went in. What is not installed is skipped and named; with CI set that is a failure.
#
# Debian packages: nginx-light apache2-utils prometheus prometheus-alertmanager wireguard-tools sudo openssh-server libxml2-utils
# php-cli mosquitto msmtp postgresql-client rclone nix-bin kubernetes-client openssl python3-yaml python3-jinja2 (and sops).
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH=$PATH:/usr/sbin:/sbin
examples=$PWD/templates-examples
scratch=$(mktemp -d)
trap 'rm -r -- "$scratch"' EXIT
# Debian's modules are those of Debian's Python, which need not be the first in PATH.
python=python3
"$python" -c 'import jinja2, yaml' 2>/dev/null || python=/usr/bin/python3

# plain EXAMPLE SECRET: the value that went in.
plain() { "$python" tests/oracle/make_examples.py --print "$1" "$2"; }

# same WHAT EXAMPLE SECRET: stdin is the secret's value, byte for byte.
same() {
    plain "$2" "$3" > "$scratch/plain"
    cmp -s - "$scratch/plain" || { echo "$1 reads another value for '$3'"; return 1; }
}

free_port() { "$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# server PROTOCOL PORT FILE: a stand-in server in the background, up when this returns. Writes the password it gets to FILE.
server() {
    "$python" tests/oracle/fake_servers.py "$1" "$2" > "$3" &
    server=$!
    for _ in {1..300}; do
        grep -q "$(printf '0100007F:%04X 00000000:0000 0A' "$2")" /proc/net/tcp && return
        sleep 0.1
    done
    echo "the stand-in server did not start"
    return 1
}

# --- one function per program; its name is in the table

meaning() {
    "$python" tests/oracle/make_examples.py --check | tee "$scratch/meaning"
    [ -z "${CI:-}" ] || { ! grep 'left out' "$scratch/meaning"; }
}

snippets() { "$python" tests/oracle/check_snippets.py; }

nginx_conf() {
    openssl req -x509 -newkey ed25519 -nodes -subj /CN=api.example.org -keyout "$scratch/key" -out "$scratch/cert" 2>/dev/null
    cat > "$scratch/nginx.conf" <<NGINX
pid $scratch/nginx.pid;
events {}
http {
    access_log off;
    ssl_certificate $scratch/cert;
    ssl_certificate_key $scratch/key;
    include $examples/nginx/expected.conf;
}
NGINX
    nginx -t -q -e stderr -p "$scratch" -c "$scratch/nginx.conf"
}

htpasswd_users() {
    htpasswd -vb "$examples/nginx-htpasswd/expected.htpasswd" alice 'example of alice'
    htpasswd -vb "$examples/nginx-htpasswd/expected.htpasswd" bob 'example of bob'
}

prometheus_files() {
    promtool check config --syntax-only "$examples/prometheus/expected.scrape.yml"
    promtool check web-config "$examples/prometheus/expected.web.yml"
}

alertmanager() { amtool check-config "$examples/yaml/expected.yaml"; }

wireguard() {
    cp "$examples/wireguard/expected.conf" "$scratch/wg0.conf"
    chmod 600 "$scratch/wg0.conf"
    wg-quick strip "$scratch/wg0.conf" > "$scratch/stripped"
    [ "$(grep -c '^\[Peer\]' "$scratch/stripped")" = 3 ]
    # A key is good when wg takes it, as a private one for want of another check.
    sed -n 's/^\(PrivateKey\|PublicKey\|PresharedKey\) = //p' "$scratch/stripped" | while read -r key; do wg pubkey <<< "$key" >/dev/null; done
}

sudoers() { visudo -c -f "$examples/admin-access/expected.sudoers"; }

sshd_conf() {
    ssh-keygen -q -t ed25519 -N '' -f "$scratch/host_key"
    mkdir -p /run/sshd
    local words=(-f "$examples/admin-access/expected.sshd.conf" -h "$scratch/host_key")
    sshd -t "${words[@]}"
    sshd -T "${words[@]}" -C user=ann,addr=203.0.113.7,host=office,laddr=::1,lport=22 > "$scratch/inside"
    grep -qx 'allowusers ann' "$scratch/inside" && grep -qx 'allowusers ben' "$scratch/inside"
    grep -qx 'passwordauthentication no' "$scratch/inside"
    ssh-keygen -lf "$examples/admin-access/expected.authorized_keys"
}

xml() { xmllint --noout "$examples/guacamole/expected.xml"; }

php_config() {
    php -l "$examples/nextcloud/expected.php"
    local show='require $argv[1]; $at = $CONFIG; foreach (array_slice($argv, 2) as $name) $at = $at[$name]; echo $at;'
    php -r "$show" -- "$examples/nextcloud/expected.php" dbpassword | same php nextcloud nextcloud/db_password
    php -r "$show" -- "$examples/nextcloud/expected.php" mail_smtppassword | same php nextcloud smtp/password
    php -r "$show" -- "$examples/nextcloud/expected.php" objectstore arguments secret | same php nextcloud nextcloud/s3_secret
}

mosquitto_bridge() {
    local port own
    port=$(free_port) own=$(free_port)
    server mqtt "$port" "$scratch/mqtt"
    install -m 0644 "$examples/mosquitto/expected.passwd" "$scratch/passwd"
    sed "s|^address .*|address 127.0.0.1:$port|; s|^listener .*|listener $own 127.0.0.1|
         s|^password_file .*|password_file $scratch/passwd|" "$examples/mosquitto/expected.conf" > "$scratch/mosquitto.conf"
    printf 'user root\nper_listener_settings false\n' | cat - "$scratch/mosquitto.conf" > "$scratch/whole.conf"
    mosquitto -c "$scratch/whole.conf" > "$scratch/mosquitto.log" 2>&1 &
    local broker=$!
    wait "$server" || { cat "$scratch/mosquitto.log"; kill "$broker"; return 1; }
    kill "$broker"
    wait "$broker" || true
    grep -q ' running$' "$scratch/mosquitto.log"
    same mosquitto mosquitto bridge/password < "$scratch/mqtt"
}

msmtp_login() { # account, secret
    local port
    port=$(free_port)
    server smtp "$port" "$scratch/smtp"
    sed "s/^host .*/host 127.0.0.1/; s/^port .*/port $port/; s/^tls on/tls off/; s/^auth on/auth plain/" \
        "$examples/msmtp/expected.msmtprc" > "$scratch/msmtprc"
    chmod 600 "$scratch/msmtprc"
    msmtp -C "$scratch/msmtprc" -a "$1" nobody@example.org < /dev/null > "$scratch/msmtp.log" 2>&1 || true # hangs up after AUTH
    wait "$server" || { cat "$scratch/msmtp.log"; return 1; }
    same msmtp msmtp "$2" < "$scratch/smtp"
}

msmtprc() {
    msmtp_login main smtp/password
    msmtp_login fallback smtp/fallback_password
}

psql_login() { # database, secret
    local port
    port=$(free_port)
    server postgres "$port" "$scratch/postgres"
    sed "s/:5432:/:$port:/" "$examples/pgpass/expected.pgpass" > "$scratch/pgpass"
    chmod 600 "$scratch/pgpass"
    PGPASSFILE=$scratch/pgpass psql "host=db.example.org hostaddr=127.0.0.1 port=$port user=backup dbname=$1 sslmode=disable gssencmode=disable" \
        < /dev/null > "$scratch/psql.log" 2>&1 || true # the server hangs up once it has the password
    wait "$server" || { cat "$scratch/psql.log"; return 1; }
    same psql pgpass "$2" < "$scratch/postgres"
}

pgpass() {
    psql_login app postgres/app
    psql_login wiki postgres/wiki
}

rclone_conf() {
    cp "$examples/restic/expected.conf" "$scratch/rclone.conf"
    rclone --config "$scratch/rclone.conf" config dump \
        | "$python" -c 'import json, sys; print(json.load(sys.stdin)["box"]["pass"], end="")' > "$scratch/obscured"
    same rclone restic RCLONE_PASS < "$scratch/obscured"
    [ "$(rclone reveal "$(cat "$scratch/obscured")")" = 'example: rclone "pass"' ]
}

netrc() {
    "$python" - "$examples/netrc/expected.netrc" > "$scratch/netrc" <<'PYTHON'
import netrc, sys
print(netrc.netrc(sys.argv[1]).authenticators("cache.example.org")[2], end="")
PYTHON
    same netrc netrc cache/password < "$scratch/netrc"
}

nix_conf() {
    mkdir "$scratch/nix"
    echo "!include $examples/nix-access-tokens/expected.conf" > "$scratch/nix/nix.conf"
    NIX_CONF_DIR=$scratch/nix nix --extra-experimental-features nix-command --store dummy:// show-config --json \
        | "$python" -c 'import json, sys; print(json.load(sys.stdin)["access-tokens"]["value"]["git.example.org"], end="")' \
        | same nix nix-access-tokens forge/token
}

# Grafana reads INI with the library that sops uses, gopkg.in/ini.v1.
go_ini() {
    local recipient
    recipient=$(sed -n 's/^# public key: //p' tests/keys/age-test.txt)
    sops encrypt --age "$recipient" --input-type ini --output-type json "$examples/grafana/expected.ini" > "$scratch/ini.json"
    SOPS_AGE_KEY_FILE=tests/keys/age-test.txt sops decrypt --extract '["security"]["admin_password"]' "$scratch/ini.json" \
        | same go-ini grafana security/admin_password
    SOPS_AGE_KEY_FILE=tests/keys/age-test.txt sops decrypt --extract '["database"]["password"]' "$scratch/ini.json" \
        | same go-ini grafana database/password
}

borg_sh() {
    # shellcheck disable=SC2016
    env -i sh -euc '. "$1"; printf %s "$BORG_PASSPHRASE"' sh "$examples/borg/expected.sh" | same sh borg borg/passphrase
}

kubernetes() { kubectl label --local -f "$examples/k3s/expected.yaml" checked=yes -o name; }

# function          program
table="
meaning             python3
snippets            nix-instantiate
nginx_conf          nginx
htpasswd_users      htpasswd
prometheus_files    promtool
alertmanager        amtool
wireguard           wg-quick
sudoers             visudo
sshd_conf           sshd
xml                 xmllint
php_config          php
mosquitto_bridge    mosquitto
msmtprc             msmtp
pgpass              psql
rclone_conf         rclone
netrc               python3
nix_conf            nix
go_ini              sops
borg_sh             sh
kubernetes          kubectl
"
passed=0 failed=() skipped=()
while read -r name program; do
    [ -n "$name" ] || continue
    if ! command -v "$program" >/dev/null; then
        skipped+=("$program")
    else
        # A condition would turn `set -e` off inside, hence a shell of its own.
        set +e
        (set -e; "$name") < /dev/null > "$scratch/log" 2>&1
        status=$?
        set -e
        if [ "$status" = 0 ]; then
            passed=$((passed + 1))
        else
            failed+=("$name")
            printf '%s: failed\n' "$name" >&2
            sed 's/^/    /' "$scratch/log" >&2
        fi
    fi
done <<< "$table"

echo "$passed checkers passed, ${#failed[@]} failed; skipped, not installed: ${skipped[*]:-none}"
[ "${#failed[@]}" = 0 ] || exit 1
if [ -n "${CI:-}" ] && [ "${#skipped[@]}" -gt 0 ]; then
    echo "CI must have: ${skipped[*]}" >&2
    exit 1
fi
