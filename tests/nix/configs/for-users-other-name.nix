# A secret for users with a path of its own.
{
  imports = [ ../base.nix ];
  sops.secrets.alice_password = {
    neededForUsers = true;
    path = "/run/alice";
  };
}
