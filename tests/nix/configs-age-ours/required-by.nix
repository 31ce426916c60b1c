# Owners are set where some secrets failed, but what requires the secrets does not start.
# holds: fields("agenix-chown.service", "Requires") == []
# holds: unit("agenix-result.service")["requiredBy"] == ["app.service"]
# holds: field("agenix-result.service", "After") == ["agenix-install-secrets.service", "agenix-chown.service"]
# holds: "app.service" not in unit("agenix-install-secrets.service")["requiredBy"] + unit("agenix-chown.service")["requiredBy"]
{
  imports = [ ../base-age.nix ];
  services.userborn.enable = true;
  age.requiredBy = [ "app.service" ];
  age.secrets.one.file = ../files/one.age;
}
