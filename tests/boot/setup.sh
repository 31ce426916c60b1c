# Run before systemd starts; $R is the new root. The users are there, as userborn would have made them.
chroot $R groupadd -g 1500 app
chroot $R useradd -u 1500 -g 1500 -M -s /usr/sbin/nologin app
chroot $R groupadd -g 96 -o keys 2>/dev/null || true
cp "$BOOT_KEY" $R/run/age-keys.txt
chmod 600 $R/run/age-keys.txt
printf '%s\n' "$BOOT_UNITS" > $R/run/unit-folders
