# Owners by number, as secrets have them.
# holds: template("a")["uid"] == 1500 and template("a")["owner"] is None
# holds: template("a")["gid"] == 0 and template("a")["group"] is None
# holds: template("b")["gid"] == 1600 and template("b")["owner"] == "app"
{ config, ... }:
{
  imports = [ ../base-age.nix ];
  age.secrets.one.file = ../files/one.age;
  age.templates.a = {
    content = config.age.placeholder.one;
    owner = "1500";
  };
  age.templates.b = {
    content = config.age.placeholder.one;
    owner = "app";
    group = "1600";
  };
}
