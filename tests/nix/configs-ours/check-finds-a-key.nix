# A key that the sops file does not have stops the build.
# build: tokn
{
  imports = [ ../base.nix ];
  sops.secrets.tokn = { };
}
