# What is in no file of its own has no path.
# assertion: age.secrets.one.install = false: there is no file that credential
# assertion: age.secrets.two.install = false: there is no file that credential
# assertion: age.secrets.three.install = false: there is no file that credential, path
{
  imports = [ ../base-age.nix ];
  age.secrets.one = {
    file = ../files/one.age;
    install = false;
    credential = {
      unit = "app.service";
      id = "one";
    };
  };
  age.secrets.two = {
    file = ../files/two.age;
    install = false;
    reloadUnits = [ "app.service" ];
  };
  age.secrets.three = {
    file = ../files/two.age;
    install = false;
    path = "/etc/app/three";
  };
}
