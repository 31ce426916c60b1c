# Runs in the namespace before systemd does; $R is the new root.
chroot "$R" groupadd -g 1500 app
chroot "$R" useradd -u 1500 -g 1500 -M -s /usr/sbin/nologin app
chroot "$R" groupadd -g 96 -o keys 2>/dev/null || true
cp "$BOOT_FILES/../../keys/age-test.txt" "$R/run/age-keys.txt"
mkdir -p "$R/etc/credstore" "$R/run/nixos"
cp "$BOOT_FILES/../../keys/age-test.txt" "$R/etc/credstore/age-key"
# The host's own key stands in for a TPM.
mkdir -p "$R/etc/credstore.encrypted"
chroot "$R" systemd-creds setup > /dev/null
chroot "$R" systemd-creds encrypt --with-key=host --name=age-key /etc/credstore/age-key /etc/credstore.encrypted/age-key
# A user with a home: with units in it, or with scripts that put them there.
if [ -n "${USER_UNITS:-}${USER_SWITCH:-}" ]; then
    mkdir -p "$R/home/app/.config/systemd"
    [ -z "${USER_UNITS:-}" ] || cp -rP "$USER_UNITS" "$R/home/app/.config/systemd/user"
    [ -z "${USER_SWITCH:-}" ] || cp -r "$USER_SWITCH" "$R/home/app/switch"
    cp "$BOOT_FILES/../../keys/age-test.txt" "$R/home/app/key.txt"
    chroot "$R" chown -R app:app /home/app
    chroot "$R" usermod -d /home/app app
fi
