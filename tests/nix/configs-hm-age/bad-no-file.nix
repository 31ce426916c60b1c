# A secret without a file.
{
  imports = [ ../base-hm-age.nix ];
  age.secrets.one = { };
}
