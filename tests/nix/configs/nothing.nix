# The module without any secret.
{
  imports = [ ../base.nix ];
}
