# A unit that needs secrets of which all are for users, installed by a unit.
# holds: unit("sops-install-secrets-result.service")["requiredBy"] == ["app.service"]
# holds: field("sops-install-secrets-result.service", "After") == ["sops-install-secrets-for-users.service"]
{
  imports = [ ../base.nix ];
  services.userborn.enable = true;
  sops.requiredBy = [ "app.service" ];
  sops.secrets.alice_password.neededForUsers = true;
}
