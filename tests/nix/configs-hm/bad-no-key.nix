# No key source.
{
  imports = [ ../base-hm.nix ];
  sops.age.keyFile = null;
  sops.secrets.token = { };
}
