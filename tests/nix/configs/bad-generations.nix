# A negative number of generations.
{
  imports = [ ../base.nix ];
  sops.keepGenerations = -1;
  sops.secrets.token = { };
}
