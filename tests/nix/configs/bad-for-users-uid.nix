# A number before users exist.
{
  imports = [ ../base.nix ];
  sops.secrets.token = {
    neededForUsers = true;
    uid = 12;
  };
}
