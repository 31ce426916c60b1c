# A trailing slash.
{
  imports = [ ../base-age.nix ];
  age.secretsMountPoint = "/run/agenix.d/";
  age.secrets.one.file = ../files/one.age;
}
