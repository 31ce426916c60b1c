# Another value behind the same secret.
import ./host.nix { sops.secrets.db.key = "vaultwarden/admin_token"; }
