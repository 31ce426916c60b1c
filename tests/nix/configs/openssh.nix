# Host keys as the default.
{
  imports = [ ../base.nix ];
  services.openssh.enable = true;
  sops.secrets.db_password = { };
}
