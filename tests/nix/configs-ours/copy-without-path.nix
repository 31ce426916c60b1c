# A copy needs a place.
# assertion: sops.secrets.token.symlink = false needs a `path` of its own
{
  imports = [ ../base.nix ];
  sops.secrets.token.symlink = false;
}
