# One secret.
{
  imports = [ ../base-hm-age.nix ];
  age.secrets.one.file = ../files/one.age;
}
