# Templates over age secrets.
# holds: template("app.conf")["owner"] == "app"
# holds: template("app.conf")["path"] == "/run/agenix/rendered/app.conf"
# holds: secret("two")["install"] is False
{ config, ... }:
{
  imports = [ ../base-age.nix ];
  age.secrets.one.file = ../files/one.age;
  age.secrets.two = {
    file = ../files/two.age;
    install = false;
  };
  age.templates."app.conf" = {
    owner = "app";
    restartUnits = [ "app.service" ];
    content = "${config.age.placeholder.one} ${config.age.placeholder.two}";
  };
}
