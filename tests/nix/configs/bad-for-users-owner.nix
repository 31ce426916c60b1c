# An owner before users exist.
{
  imports = [ ../base.nix ];
  sops.secrets.token = {
    neededForUsers = true;
    owner = "app";
  };
}
