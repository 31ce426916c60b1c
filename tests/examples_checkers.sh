#!/usr/bin/env bash
# Hands the expected files of templates-examples/ to the programs that read them, and fails where one does not take its file or
# reads another password than the one that went in. What is not installed is skipped and named; with CI set that is a failure.
#
# Debian packages: nginx-light apache2-utils prometheus prometheus-alertmanager wireguard-tools sudo openssh-server libxml2-utils
# php-cli mosquitto msmtp postgresql-client rclone nix-bin kubernetes-client openssl python3-yaml python3-jinja2 caddy curl
# docker-registry restic borgbackup skopeo postfix-pgsql (and sops).
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

# listens PORT: waits until somebody does.
listens() {
    for _ in {1..300}; do
        grep -q "$(printf ':%04X 00000000.*:0000 0A' "$1")" /proc/net/tcp /proc/net/tcp6 && return
        sleep 0.1
    done
    echo "no server listens on port $1"
    return 1
}

# server PROTOCOL PORT FILE [WORD]: a stand-in server in the background, up when this returns. Writes the password to FILE.
server() {
    "$python" tests/oracle/fake_servers.py "$1" "$2" "${@:4}" > "$3" &
    server=$!
    listens "$2"
}

# in_env FILE COMMAND…: the command with nothing but the file's variables, as a shell reads them. The words themselves are for
# the background: a function there has a process of its own, and $! would be that.
# shellcheck disable=SC2016
with_env=(env -i PATH="$PATH" HOME="$scratch" sh -euc 'set -a; . "$1"; set +a; shift; exec "$@"' sh)
in_env() { "${with_env[@]}" "$@"; }

# snippet EXAMPLE OPTION: what the Nix in an example's README gives for an option.
snippet() { "$python" tests/oracle/check_snippets.py --print "$1" "$2"; }

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

alertmanager() {
    amtool check-config "$examples/yaml/expected.yaml"
    amtool check-config "$examples/alertmanager-teams/expected.yaml"
}

wireguard() {
    cp "$examples/wireguard/expected.conf" "$scratch/wg0.conf"
    chmod 600 "$scratch/wg0.conf"
    wg-quick strip "$scratch/wg0.conf" > "$scratch/stripped"
    [ "$(grep -c '^\[Peer\]' "$scratch/stripped")" = 3 ]
    # A key is good when wg takes it, as a private one for want of another check.
    sed -n 's/^\(PrivateKey\|PublicKey\|PresharedKey\) = //p' "$scratch/stripped" | while read -r key; do wg pubkey <<< "$key" >/dev/null; done
}

sudoers() {
    visudo -c -f "$examples/admin-access/expected.sudoers"
    # NixOS's build has visudo read the line that leads there, before there is a folder.
    snippet admin-access security.sudo.extraConfig > "$scratch/sudoers"
    visudo -c -f "$scratch/sudoers"
    mkdir "$scratch/sudoers.d"
    install -m 0440 "$examples/admin-access/expected.sudoers" "$scratch/sudoers.d/admins"
    sed -i "s|/run/secrets/rendered|$scratch|" "$scratch/sudoers"
    visudo -c -f "$scratch/sudoers" | grep -F "$scratch/sudoers.d/admins: parsed OK"
}

sshd_conf() {
    ssh-keygen -q -t ed25519 -N '' -f "$scratch/host_key"
    mkdir -p /run/sshd
    local words=(-f "$examples/admin-access/expected.sshd.conf" -h "$scratch/host_key")
    sshd -t "${words[@]}"
    sshd -T "${words[@]}" -C user=ann,addr=203.0.113.7,host=office,laddr=::1,lport=22 > "$scratch/inside"
    sshd -T "${words[@]}" -C user=ben,addr=198.51.100.7,host=home,laddr=::1,lport=22 > "$scratch/outside"
    grep -qx 'allowusers ann' "$scratch/inside"
    grep -qx 'allowusers ben' "$scratch/inside"
    grep -qx 'passwordauthentication yes' "$scratch/inside"
    grep -qx 'passwordauthentication no' "$scratch/outside"
    grep -qx 'kbdinteractiveauthentication no' "$scratch/outside"
    grep -qx 'authorizedkeysfile /run/secrets/rendered/authorized_keys' "$scratch/inside"
    [ "$(grep -c /run/secrets "$scratch/outside")" = 0 ]
    ssh-keygen -lf "$examples/admin-access/expected.authorized_keys"
}

vaultwarden() {
    local port
    port=$(free_port)
    server postgres "$port" "$scratch/vaultwarden"
    sed "s/db.example.org:5432/127.0.0.1:$port/" "$examples/env-file/expected.env" > "$scratch/vaultwarden.env"
    # Vaultwarden hands the URL to the same library.
    # shellcheck disable=SC2016
    in_env "$scratch/vaultwarden.env" sh -c 'psql "$DATABASE_URL"' \
        > "$scratch/psql.log" 2>&1 || true # the server hangs up once it has the password
    wait "$server" || { cat "$scratch/psql.log"; return 1; }
    same psql env-file vaultwarden/db_password < "$scratch/vaultwarden"
}

postfix_lookups() {
    local file port
    mkdir "$scratch/postfix"
    printf 'compatibility_level = 3.6\nqueue_directory = %s\n' "$scratch" > "$scratch/postfix/main.cf"
    for file in mailboxes aliases; do
        port=$(free_port)
        server postgres "$port" "$scratch/lookup"
        sed "s/^hosts = .*/hosts = inet:127.0.0.1:$port/" "$examples/postfix/expected.$file.cf" > "$scratch/lookup.cf"
        postmap -c "$scratch/postfix" -q ann@example.org "pgsql:$scratch/lookup.cf" > "$scratch/postmap.log" 2>&1 || true # as psql
        wait "$server" || { cat "$scratch/postmap.log"; return 1; }
        plain postfix mail | "$python" -c 'import ast, sys; print(ast.literal_eval(sys.stdin.read())["db_password"], end="")' \
            | cmp - "$scratch/lookup"
    done
}

miniflux_env() {
    # shellcheck disable=SC2016
    in_env "$examples/miniflux/expected.env" sh -c 'printf %s "$PGPASSWORD"' | same sh miniflux miniflux/db_password
}

vaultwarden_token() {
    in_env "$examples/env-file/expected.env" php -r 'exit(password_verify("correct horse", getenv("ADMIN_TOKEN")) ? 0 : 1);'
}

# Laravel takes the key for AES-256-CBC, which has 32 bytes.
firefly_key() {
    local key
    key=$(sed -n 's/^APP_KEY=base64://p' "$examples/container-env/expected.env")
    php -r 'exit(strlen(base64_decode($argv[1], true)) === 32 ? 0 : 1);' -- "$key"
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
    PGPASSFILE=$scratch/pgpass psql "host=db.example.org hostaddr=127.0.0.1 port=$port user=backup dbname=$1" \
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

netrc_curl() {
    local port name
    for name in cache/password git/token artifacts/password; do
        port=$(free_port)
        server http "$port" "$scratch/curl"
        curl --silent --netrc-file "$examples/netrc/expected.netrc" --connect-to "::127.0.0.1:$port" "http://${name%/*}.example.org/"
        wait "$server"
        same curl netrc "$name" < "$scratch/curl"
    done
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

borg_repository() {
    local words=(env BORG_BASE_DIR="$scratch/borg" BORG_REPO="$scratch/borg.repo")
    in_env "$examples/borg/expected.sh" "${words[@]}" borg init --encryption repokey
    in_env /dev/null "${words[@]}" BORG_PASSPHRASE="$(plain borg borg/passphrase)" borg list
    ! in_env "$examples/borg/expected.sh" "${words[@]}" BORG_PASSPHRASE=another borg list
}

restic_repository() {
    local words=(env -i HOME="$scratch" RESTIC_REPOSITORY="$scratch/restic.repo")
    "${words[@]}" RESTIC_PASSWORD_FILE="$examples/restic/expected.password" restic init
    "${words[@]}" RESTIC_PASSWORD="$(plain restic RESTIC_PASSWORD)" restic snapshots
    ! "${words[@]}" RESTIC_PASSWORD=another restic snapshots
}

# The site of the README as it is, and then by plain HTTP before a server of ours.
caddy_site() {
    local port upstream status site
    port=$(free_port) upstream=$(free_port)
    site=$(snippet caddy 'services.caddy.virtualHosts."app.example.org".extraConfig')
    if caddy version | grep -q '^v\?2\.[0-7]\.'; then site=${site/basic_auth/basicauth}; fi
    printf '{\n%s\n}\napp.example.org {\n%s\n}\n' "$(snippet caddy services.caddy.globalConfig)" "$site" > "$scratch/Caddyfile"
    in_env "$examples/caddy/expected.env" caddy validate --config "$scratch/Caddyfile" --adapter caddyfile
    in_env "$examples/caddy/expected.env" caddy adapt --config "$scratch/Caddyfile" --adapter caddyfile 2>/dev/null \
        | "$python" -c '
import json, sys
[policy] = json.load(sys.stdin)["apps"]["tls"]["automation"]["policies"]
print(policy["issuers"][0]["external_account"]["mac_key"], end="")' | same caddy caddy caddy/acme_eab_key
    printf '{\nadmin off\n}\nhttp://127.0.0.1:%s {\n%s\n}\n' "$port" "${site/127.0.0.1:8080/127.0.0.1:$upstream}" > "$scratch/Caddyfile"
    server header "$upstream" "$scratch/header" X-Api-Key
    "${with_env[@]}" "$examples/caddy/expected.env" caddy run --config "$scratch/Caddyfile" --adapter caddyfile \
        > "$scratch/caddy.log" 2>&1 &
    local caddy=$!
    listens "$port" || { cat "$scratch/caddy.log"; kill "$caddy"; return 1; }
    status="$(curl -s -o /dev/null -w '%{http_code}' -u 'admin:another' "http://127.0.0.1:$port/admin/")"
    status="$status $(curl -s -o /dev/null -w '%{http_code}' -u 'admin:example of admin' "http://127.0.0.1:$port/admin/")"
    kill "$caddy"
    [ "$status" = '401 204' ] || { echo "caddy says $status"; cat "$scratch/caddy.log"; return 1; }
    wait "$server"
    same caddy caddy caddy/upstream_key < "$scratch/header"
}

# Debian has version 2, which reads `addr`.
registry_redis() {
    local port redis
    port=$(free_port) redis=$(free_port)
    htpasswd -Bbn ann password > "$scratch/registry.htpasswd"
    sed "s|addrs: \[\"127.0.0.1:6379\"\]|addr: 127.0.0.1:$redis|; s|addr: 127.0.0.1:5000|addr: 127.0.0.1:$port|
         s|path: .*|path: $scratch/registry.htpasswd|" "$examples/docker-registry/expected.yml" > "$scratch/registry.yml"
    server redis "$redis" "$scratch/redis"
    env -i docker-registry serve "$scratch/registry.yml" > "$scratch/registry.log" 2>&1 &
    local registry=$!
    listens "$port" || { cat "$scratch/registry.log"; kill "$registry"; return 1; }
    curl -s -m 10 -u ann:password "http://127.0.0.1:$port/v2/app/blobs/sha256:$(printf '%064d' 0)" > /dev/null || true
    wait "$server" || { cat "$scratch/registry.log"; kill "$registry"; return 1; }
    kill "$registry"
    { plain docker-registry registry/redis_password; printf '\n7'; } | cmp - "$scratch/redis"
}

skopeo_login() { # host, user, place in the list
    [ "$(skopeo login --authfile "$examples/docker-config/expected.json" --get-login "$1")" = "$2" ]
    [ -n "$3" ] || return 0
    local port
    port=$(free_port)
    server http "$port" "$scratch/skopeo"
    sed "s|$1|127.0.0.1:$port|" "$examples/docker-config/expected.json" > "$scratch/auth.json"
    skopeo inspect --tls-verify=false --authfile "$scratch/auth.json" "docker://127.0.0.1:$port/app" \
        > "$scratch/skopeo.log" 2>&1 || true
    wait "$server" || { cat "$scratch/skopeo.log"; return 1; }
    plain docker-config registries | "$python" -c "
import ast, sys
print(ast.literal_eval(sys.stdin.read())[$3]['password'], end='')" | cmp - "$scratch/skopeo"
}

skopeo_logins() {
    skopeo_login registry.example.org ci 0
    skopeo_login ghcr.io ann 1
    skopeo_login azure.example.org 00000000-0000-0000-0000-000000000000 ''
}

kubernetes() { kubectl label --local -f "$examples/k3s/expected.yaml" checked=yes -o name; }

# function          programs
table="
meaning             python3
snippets            nix-instantiate
nginx_conf          nginx
htpasswd_users      htpasswd
prometheus_files    promtool
alertmanager        amtool
wireguard           wg-quick
sudoers             visudo nix-instantiate
sshd_conf           sshd
vaultwarden         psql
vaultwarden_token   php
postfix_lookups     postmap
miniflux_env        sh
firefly_key         php
xml                 xmllint
php_config          php
mosquitto_bridge    mosquitto
msmtprc             msmtp
pgpass              psql
rclone_conf         rclone
netrc               python3
netrc_curl          curl
nix_conf            nix
go_ini              sops
borg_sh             sh
borg_repository     borg
restic_repository   restic
caddy_site          caddy curl nix-instantiate
registry_redis      docker-registry curl htpasswd
skopeo_logins       skopeo
kubernetes          kubectl
"
passed=0 failed=() skipped=()
while read -r name programs; do
    [ -n "$name" ] || continue
    missing=()
    for program in $programs; do command -v "$program" >/dev/null || missing+=("$program"); done
    if [ "${#missing[@]}" -gt 0 ]; then
        skipped+=("${missing[@]}")
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
