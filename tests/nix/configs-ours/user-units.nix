# Units of users are named beside those of the machine.
# holds: r["manifest"]["secrets"][0]["restartUserUnits"] == ["mail.service"]
# holds: r["manifest"]["templates"][0]["reloadUserUnits"] == ["mail.service"]
# holds: "reloadUserUnits" not in r["manifest"]["secrets"][0]
{ config, ... }:
{
  imports = [ ../base.nix ];
  sops.secrets.token.restartUserUnits = [ "mail.service" ];
  sops.templates.t = {
    content = config.sops.placeholder.token;
    reloadUserUnits = [ "mail.service" ];
  };
}
