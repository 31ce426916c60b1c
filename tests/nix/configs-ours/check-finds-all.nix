# All mistakes at once.
# build: tokn
# build: api_kex
{
  imports = [ ../base.nix ];
  sops.secrets.tokn = { };
  sops.secrets.api_kex = { };
}
