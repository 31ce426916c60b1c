# Sourced by the backup job.
export BORG_REPO='ssh://backup@box.example.org/./host'
export BORG_PASSPHRASE='<SOPS:87adf691ef9c1231e99f2a8052e2bb8ac2e99b909a2d9a26d6476fff10f1c4c0:PLACEHOLDER>'
export PING_URL='<SOPS:be1501208f6699ff6906e05f4e1a291192e133bc9490ae1a05ac15cb166f3515:PLACEHOLDER>'
