#!/usr/bin/env bash
# (Re)creates tests/fixtures/ with the real tools and the throwaway keys of tests/keys/, and writes VERSIONS there.
#
# Each folder holds an encrypted file, `key` (the file of tests/keys/ that opens it), `expected.*` (what `sops decrypt`
# prints) and `values` (key path, tab, what `sops decrypt --extract` prints, in JSON). Missing keys are made; present
# ones are kept. Needs sops 3.13.2, age and age-keygen 1.3, ssh-keygen, ssh-to-age, gpg, jq.
set -euo pipefail
cd "$(dirname "$0")/../.."
keys=$PWD/tests/keys
out=$PWD/tests/fixtures
work=$(mktemp -d)
trap 'gpgconf --homedir "$work/gnupg" --kill all; rm -r "$work"' EXIT
marked() { echo "# TEST KEY, public on purpose: it opens fixtures of this repository and nothing else."; grep -v '^# created' "$1"; }

# --- keys ---
for name in age-other age-third; do
    [[ -e $keys/$name.txt ]] || { age-keygen -o "$work/$name" 2>/dev/null; marked "$work/$name" > "$keys/$name.txt"; }
done
[[ -e $keys/age-pq.txt ]] || { age-keygen -pq -o "$work/pq" 2>/dev/null; marked "$work/pq" > "$keys/age-pq.txt"; }
for type in ed25519 rsa; do
    [[ -e $keys/ssh-$type ]] || ssh-keygen -q -t "$type" -N '' -C 'test key of sops-inlay' -f "$keys/ssh-$type"
done
mkdir -m 700 "$work/gnupg"
export GNUPGHOME=$work/gnupg HOME=$work SOPS_DISABLE_VERSION_CHECK=1
if [[ ! -e $keys/pgp.asc ]]; then
    gpg --batch --quiet --passphrase '' --quick-generate-key 'TEST KEY of sops-inlay' default default never
    gpg --batch --quiet --armor --export-secret-keys > "$keys/pgp.asc"
else
    gpg --batch --quiet --import "$keys/pgp.asc"
fi
fingerprint=$(gpg --batch --list-keys --with-colons | sed -n 's/^fpr:*\([0-9A-F]*\):$/\1/p' | head -1)
age_recipient() { sed -n 's/^# public key: //p' "$keys/$1.txt"; }
converted=$(ssh-to-age < "$keys/ssh-ed25519.pub")

# config KEY [RULE PATTERN]...: a .sops.yaml for one kind of key.
config() {
    local kind=$1
    shift
    echo "creation_rules:"
    case $kind in
        age-test|age-pq) echo "  - age: $(age_recipient "$kind")" ;;
        ssh-ed25519|ssh-rsa) echo "  - age: $(cut -d' ' -f1,2 "$keys/$kind.pub")" ;;
        converted) echo "  - age: $converted" ;;
        pgp) echo "  - pgp: $fingerprint" ;;
        shamir)
            echo "  - shamir_threshold: 2"
            echo "    key_groups:"
            # The key file of the fixture opens the first two of the three groups.
            echo "      - age: [$(age_recipient age-test)]"
            echo "      - age: [$(age_recipient age-other), $(age_recipient age-test)]"
            echo "      - age: [$(age_recipient age-third)]" ;;
    esac
    while (($#)); do
        echo "    $1: $2"
        shift 2
    done
}

key_file() {
    case $1 in
        age-test|shamir) echo age-test.txt ;;
        age-pq) echo age-pq.txt ;;
        converted) echo ssh-ed25519 ;;
        pgp) echo pgp.asc ;;
        *) echo "$1" ;;
    esac
}

# identity FILE: the environment in which sops opens what the key file opens.
identity() {
    case $1 in
        *.txt) echo "SOPS_AGE_KEY_FILE=$keys/$1" ;;
        ssh-*) echo "SOPS_AGE_SSH_PRIVATE_KEY_FILE=$keys/$1" ;;
        *) echo "GNUPGHOME=$GNUPGHOME" ;;
    esac
}

# fixture NAME EXTENSION KEY PATHS [RULE PATTERN]...: encrypts the document on stdin; PATHS are key paths, one a word.
fixture() {
    local dir=$out/$1 extension=$2 kind=$3 paths=$4 key converted_key
    shift 4
    mkdir -p "$dir"
    config "$kind" "$@" > "$work/sops.yaml"
    cat > "$work/plain.$extension"
    sops --config "$work/sops.yaml" encrypt --output "$dir/encrypted.$extension" "$work/plain.$extension" 2> "$work/err" || { cat "$work/err" >&2; exit 1; }
    key=$(key_file "$kind")
    echo "$key" > "$dir/key"
    local env
    env=$(identity "$key")
    if [[ $kind == converted ]]; then # sops knows the converted key as an age identity only
        converted_key=$(ssh-to-age -private-key -i "$keys/ssh-ed25519")
        env="SOPS_AGE_KEY=$converted_key"
    fi
    env "$env" sops decrypt "$dir/encrypted.$extension" > "$dir/expected.$extension"
    : > "$dir/values"
    local path
    for path in $paths; do
        local steps=''
        IFS=/ read -ra parts <<< "$path"
        for part in "${parts[@]}"; do
            [[ $part =~ ^[0-9]+$ ]] && steps+="[$part]" || steps+="[\"$part\"]"
        done
        printf '%s\t' "$path" >> "$dir/values"
        env "$env" sops decrypt --extract "$steps" "$dir/encrypted.$extension" | jq -Rsc . >> "$dir/values"
    done
}

rm -rf "$out"
mkdir "$out"

# --- every format with every kind of key ---
for kind in age-test age-pq ssh-ed25519 ssh-rsa converted pgp shamir; do
    fixture "yaml-$kind" yaml "$kind" 'db/password db/ports/1 on' <<< $'# top\ndb:\n  password: p@ss "w0rd"\n  ports: [1, 5432]\non: true\n'
    fixture "json-$kind" json "$kind" 'db/password db/ports/1 on' <<< '{"db": {"password": "p@ss \"w0rd\"", "ports": [1, 5432]}, "on": true}'
    fixture "dotenv-$kind" env "$kind" 'DB_PASSWORD MULTI' <<< $'# top\nDB_PASSWORD=p@ss "w0rd"\nMULTI=one\\ntwo'
    fixture "ini-$kind" ini "$kind" 'db/password' <<< $'top = 1\n; of the section\n[db]\npassword = p@ss \'w0rd\'\nport = 5432'
    head -c 300 /dev/zero | tr '\0' '\377' | fixture "binary-$kind" bin "$kind" ''
done

# --- the rules ---
rules=$'# plain\na: one\nb_secret: two\nc_clear:\n  d: three\n# sops:mark\ne: four\nf: five\n'
fixture rule-encrypted-suffix yaml age-test 'a b_secret c_clear/d e f' encrypted_suffix _secret <<< "$rules"
fixture rule-unencrypted-suffix yaml age-test 'a b_secret c_clear/d e f' unencrypted_suffix _clear <<< "$rules"
fixture rule-encrypted-regex yaml age-test 'a b_secret c_clear/d e f' encrypted_regex "'^[ae]$'" <<< "$rules"
fixture rule-unencrypted-regex yaml age-test 'a b_secret c_clear/d e f' unencrypted_regex "'^[ae]$'" <<< "$rules"
fixture rule-encrypted-comment-regex yaml age-test 'a b_secret c_clear/d e f' encrypted_comment_regex sops:mark <<< "$rules"
fixture rule-unencrypted-comment-regex yaml age-test 'a b_secret c_clear/d e f' unencrypted_comment_regex sops:mark <<< "$rules"
fixture rule-default yaml age-test 'a b_unencrypted' <<< $'a: one\nb_unencrypted: two'
fixture mac-only-encrypted yaml age-test 'a b_unencrypted' mac_only_encrypted true <<< $'a: one\nb_unencrypted: two'
fixture mac-only-encrypted-json json age-test 'a b_unencrypted' mac_only_encrypted true <<< '{"a": "one", "b_unencrypted": 2}'

# --- shapes and values ---
fixture documents yaml age-test 'a' <<< $'a: one\n---\n# second\na: two\nb: [x]\n---\n{}\n'
fixture values yaml age-test 'text empty block int big float exp yes date when null_ list/0/k map' <<'YAML'
text: "üñï 😀 'q' \"d\" \\ <&>"
empty: ""
block: |
  two
  lines
kept: |+
  end

int: -42
big: 9223372036854775807
float: 2.5
exp: 1e21
yes: true
off: "off"
date: 2024-01-02
when: 2024-01-02T03:04:05.12+02:00
null_: null
list: [{k: v}, [nested, []], {}]
map: {a: {b: {c: deep}}}
base: &base {x: 1}
merged: {<<: *base, y: 2}
"a:b": colon
"1.5": number
YAML
fixture values-json json age-test 'text float exp null_ list/1' <<< '{"text": "a\u0000b\ud83d\ude00<", "int": 9007199254740993, "float": 0.1, "exp": 1e-7, "yes": false, "null_": null, "list": [[], {}, "x"], "dup": 1, "dup": 2, "": "empty key"}'
fixture empty yaml age-test '' <<< '{}'
fixture empty-binary bin age-test '' < /dev/null

# --- age files, as agenix keeps them ---
age_fixture() {
    local dir=$out/$1 key=$2
    shift 2
    mkdir -p "$dir"
    echo "$key" > "$dir/key"
    : > "$dir/values"
    printf 'token\nwith\0zero\n' > "$dir/expected.age"
    age "$@" -o "$dir/encrypted.age" "$dir/expected.age"
}
for flag in '' -a; do
    age_fixture "age${flag}-x25519" age-test.txt $flag -r "$(age_recipient age-test)"
    age_fixture "age${flag}-pq" age-pq.txt $flag -r "$(age_recipient age-pq)"
    age_fixture "age${flag}-ssh-ed25519" ssh-ed25519 $flag -R "$keys/ssh-ed25519.pub"
    age_fixture "age${flag}-ssh-rsa" ssh-rsa $flag -R "$keys/ssh-rsa.pub"
done

{
    sops --version | head -1
    echo "age $(age --version)"
    ssh -V 2>&1
    gpg --version | head -1
} > "$out/VERSIONS"
