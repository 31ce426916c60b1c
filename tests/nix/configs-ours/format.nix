# A format by name.
# holds: template("a")["format"] == "docker-env"
# holds: template("a")["trim"] is True
{ config, ... }:
{
  imports = [ ../base.nix ];
  sops.secrets.token = { };
  sops.templates.a = {
    format = "docker-env";
    trim = true;
    content = "A=${config.sops.placeholder.token}\n";
  };
}
