# A unit, as sysusers asks for.
{
  imports = [ ../base.nix ];
  systemd.sysusers.enable = true;
  sops.secrets.db_password = { };
}
