# A key on a mount that comes early.
# holds: r["warnings"] == []
{
  imports = [ ../base.nix ];
  sops.age.keyFile = "/persist/keys/age.txt";
  fileSystems."/persist" = {
    device = "/dev/sdb1";
    neededForBoot = true;
  };
  sops.secrets.token = { };
}
