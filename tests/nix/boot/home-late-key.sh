systemctl start user@1500
for _ in $(seq 50); do [ -s /home/app/seen ] && break; sleep 0.1; done
check "the service found the secret" '[ "$(cat /home/app/seen)" = t0ken ]'
check "systemd left no unit out" '! journalctl -b | grep -i "ordering cycle"'
