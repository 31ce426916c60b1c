# Passwords with sysusers and immutable users.
{
  imports = [ ../base.nix ];
  systemd.sysusers.enable = true;
  users.mutableUsers = false;
  sops.secrets.token.neededForUsers = true;
}
