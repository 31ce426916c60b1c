# A copy in place of a link.
# holds: secret("token")["symlink"] is False
{
  imports = [ ../base.nix ];
  sops.secrets.token = {
    symlink = false;
    path = "/etc/app/token";
  };
}
