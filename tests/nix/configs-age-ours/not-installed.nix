# What is in no file of its own has no path.
# assertion: age.secrets.one.install = false: there is no file that credential
# assertion: age.secrets.two.install = false: there is no file that credential
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
}
