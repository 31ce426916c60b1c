# A sops file outside of the store.
{
  imports = [ ../base.nix ];
  sops.validateSopsFiles = false;
  sops.defaultSopsFile = "/etc/secrets.yaml";
  sops.secrets.db_password = { };
}
