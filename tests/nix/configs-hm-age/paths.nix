# Links, copies, other folders.
{
  imports = [ ../base-hm-age.nix ];
  age.secretsDir = "/home/alice/secrets";
  age.secretsMountPoint = "/home/alice/secrets.d";
  age.secrets.one.file = ../files/one.age;
  age.secrets.two = {
    file = ../files/two.age;
    path = "/home/alice/two";
    mode = "u=r";
    symlink = false;
  };
}
