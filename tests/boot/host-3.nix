# A host whose key is gone: the activation fails.
import ./host.nix (
  { lib, ... }: {
    sops.secrets.db.key = "vaultwarden/db_password";
    sops.age.keyFile = lib.mkForce "/run/lost-key.txt";
  }
)
