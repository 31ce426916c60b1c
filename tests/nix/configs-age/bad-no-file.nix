# A secret without a file.
{
  imports = [ ../base-age.nix ];
  age.secrets.one = { };
}
