systemctl start user@1500
home=/home/app
as() { runuser -u app -- env HOME=$home XDG_RUNTIME_DIR=/run/user/1500 "$@"; }
# As home-manager's NixOS module does it: without the session's variables.
without_session() { runuser -u app -- env -u XDG_RUNTIME_DIR HOME=$home "$@"; }
here() { find $home -mindepth 1 -not -path "$home/switch*" | sort; }

before=$(here)
check "a dry switch goes through" 'as DRY_RUN=1 $home/switch/activate'
check "and does nothing" '[ "$(here)" = "$before" ] && [ ! -e /run/user/1500/secrets.d ]'

# sops would find this key by itself.
mkdir -p $home/.config/sops/age; cp $home/key.txt $home/.config/sops/age/keys.txt; chown -R app:app $home/.config
check "the first switch goes through" 'as $home/switch/activate'
check "with secrets of sops" '[ "$(cat $home/copy $home/link)" = t0kenkey-of-api ]'
check "and without those of agenix, whose key is not there" '[ ! -e $home/one ]'
cp $home/key.txt $home/age-key.txt; chown app:app $home/age-key.txt
check "a later switch installs them" 'without_session $home/switch/activate && [ "$(cat $home/one)" = "agenix one" ]'

mv $home/key.txt $home/key-elsewhere.txt; rm $home/.config/sops/age/keys.txt
check "without a key for sops the switch fails" '! as $home/switch/activate'

check "a dry switch to no secrets" 'as DRY_RUN=1 $home/switch/next'
check "takes nothing away" '[ "$(cat $home/copy)" = t0ken ]'
check "a switch to no secrets goes through" 'without_session $home/switch/next'
check "and takes away copies and links" '[ -z "$(ls -d $home/copy $home/link $home/one 2> /dev/null)" ]'
check "and all values" '! grep -rs -e t0ken -e key-of-api -e "agenix one" /run/user/1500 $home/.config $home/.local'
check "it is not tried again" '[ -z "$(ls $home/.local/state/sops-inlay/remove-*)" ]'
