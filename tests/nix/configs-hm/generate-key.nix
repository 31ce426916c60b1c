# A key made at first.
{
  imports = [ ../base-hm.nix ];
  sops.age.generateKey = true;
  sops.secrets.token = { };
}
