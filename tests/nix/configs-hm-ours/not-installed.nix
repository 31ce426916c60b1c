# What is in no file of its own has no path.
# assertion: age.secrets.one.install = false: there is no file that
# assertion: sops.secrets.token.install = false: there is no file that
{
  imports = [ ../base-hm.nix ];
  age.secrets.one = {
    file = ../files/one.age;
    install = false;
    paths = [ "/home/alice/one" ];
  };
  sops.secrets.token = {
    install = false;
    restartUnits = [ "mail.service" ];
  };
}
