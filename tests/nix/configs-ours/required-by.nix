# A unit that needs the secrets.
# holds: "app.service" in unit("sops-install-secrets.service")["requiredBy"]
# holds: "app.service" in field("sops-install-secrets.service", "Before")
{
  imports = [ ../base.nix ];
  sops.useSystemdActivation = true;
  sops.requiredBy = [ "app.service" ];
  sops.secrets.token = { };
}
