# No key source.
{
  imports = [ ../base.nix ];
  sops.age.keyFile = null;
  sops.secrets.token = { };
}
