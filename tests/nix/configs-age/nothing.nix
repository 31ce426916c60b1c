# No secret.
{
  imports = [ ../base-age.nix ];
}
