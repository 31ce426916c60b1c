# Owners are set where some secrets failed, but what requires the secrets does not start.
# holds: fields("agenix-chown.service", "Requires") == []
# holds: "app.service" in unit("agenix-install-secrets.service")["requiredBy"]
# holds: "app.service" in unit("agenix-chown.service")["requiredBy"]
{
  imports = [ ../base-age.nix ];
  services.userborn.enable = true;
  age.requiredBy = [ "app.service" ];
  age.secrets.one.file = ../files/one.age;
}
