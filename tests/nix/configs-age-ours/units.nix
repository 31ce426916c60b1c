# Units to restart.
# holds: secret("one")["restartUnits"] == ["app.service"]
{
  imports = [ ../base-age.nix ];
  age.secrets.one = {
    file = ../files/one.age;
    restartUnits = [ "app.service" ];
  };
}
