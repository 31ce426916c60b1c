# The same with an activation script.
# holds: "app.service" in unit("sops-install-secrets-result.service")["requiredBy"]
{
  imports = [ ../base.nix ];
  sops.requiredBy = [ "app.service" ];
  sops.secrets.token = { };
}
