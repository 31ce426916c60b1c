# A key ring.
{
  imports = [ ../base-hm.nix ];
  sops.age.keyFile = null;
  sops.gnupg.home = "/home/alice/.gnupg";
  sops.secrets.token = { };
}
