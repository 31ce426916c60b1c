# A template needed before users exist, with an owner and a normal secret.
# holds: [t["path"] for t in r["usersManifest"]["templates"]] == ["/run/secrets-for-users/rendered/a"]
# holds: [s["installedElsewhere"] for s in r["usersManifest"]["secrets"] if s["name"] == "token"] == [True]
# holds: "--without-owners" in script("setupSecretsForUsers")["text"]
# holds: "--only-owners" in script("setupSecretsForUsersOwners")["text"]
{ config, ... }:
{
  imports = [ ../base.nix ];
  sops.secrets.token = { };
  sops.secrets.alice_password.neededForUsers = true;
  sops.templates.a = {
    neededForUsers = true;
    owner = "app";
    content = "${config.sops.placeholder.token} ${config.sops.placeholder.alice_password}";
  };
}
