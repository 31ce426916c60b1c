# A unit with userborn.
{
  imports = [ ../base-age.nix ];
  services.userborn.enable = true;
  age.secrets.one.file = ../files/one.age;
}
