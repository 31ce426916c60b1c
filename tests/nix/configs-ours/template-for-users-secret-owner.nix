# The owner of a template does not make one for the secrets of that phase.
# holds: {(s["owner"], s["uid"], s["group"], s["gid"]) for s in r["usersManifest"]["secrets"]} == {(None, 0, None, 0)}
# holds: r["usersManifest"]["templates"][0]["owner"] == "app"
{ config, ... }:
{
  imports = [ ../base.nix ];
  sops.secrets.alice_password = {
    neededForUsers = true;
    owner = "app";
  };
  sops.templates.a = {
    neededForUsers = true;
    owner = "app";
    content = config.sops.placeholder.alice_password;
  };
}
