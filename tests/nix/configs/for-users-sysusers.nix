# With systemd-sysusers.
{
  imports = [ ../base.nix ];
  systemd.sysusers.enable = true;
  sops.secrets.alice_password.neededForUsers = true;
  sops.secrets.token.owner = "app";
}
