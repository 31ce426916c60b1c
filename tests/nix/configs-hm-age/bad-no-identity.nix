# No identity.
{
  imports = [ ../base-hm-age.nix ];
  age.identityPaths = [ ];
  age.secrets.one.file = ../files/one.age;
}
