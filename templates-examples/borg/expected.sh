# Sourced by the backup job.
export BORG_REPO='ssh://backup@box.example.org/./host'
export BORG_PASSPHRASE='example "borg" $pass \ it'\''s `id` #1'
export PING_URL='https://ping.example.org/b?id=1&key=example'
