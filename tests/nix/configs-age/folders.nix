# Other folders.
{
  imports = [ ../base-age.nix ];
  age.secretsDir = "/run/keys";
  age.secretsMountPoint = "/run/keys.d";
  age.secrets."sub/one".file = ../files/one.age;
}
