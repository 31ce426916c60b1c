# One secret.
{
  imports = [ ../base-age.nix ];
  age.secrets.one.file = ../files/one.age;
}
