# A unit that needs the secrets requires their result, not the installer: a switch stops the installer where a secret changed,
# and with it all that require it.
# holds: unit("sops-install-secrets.service")["requiredBy"] == ["sysinit-reactivation.target"]
# holds: unit("sops-install-secrets-result.service")["requiredBy"] == ["app.service"]
# holds: unit("sops-install-secrets-result.service")["wantedBy"] == []
# holds: fields("sops-install-secrets-result.service", "Requires") == []
# holds: fields("sops-install-secrets-result.service", "After") == ["sops-install-secrets.service"]
# holds: field("sops-install-secrets-result.service", "Before") == ["app.service"]
# holds: "app.service" in field("sops-install-secrets.service", "Before")
{
  imports = [ ../base.nix ];
  sops.useSystemdActivation = true;
  sops.requiredBy = [ "app.service" ];
  sops.secrets.token = { };
}
