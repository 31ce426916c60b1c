# A secret as a credential.
# holds: "LoadCredential=the-token:/run/secrets/token" in unit("app.service")["text"]
# holds: secret("token")["restartUnits"] == ["app.service"]
{
  imports = [ ../base.nix ];
  sops.secrets.token.credential = {
    unit = "app.service";
    id = "the-token";
  };
  systemd.services.app.serviceConfig.DynamicUser = true;
}
