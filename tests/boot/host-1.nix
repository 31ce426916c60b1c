import ./host.nix { sops.secrets.db.key = "vaultwarden/db_password"; }
