# Settings from two modules, a default among them; what a secret says of its own counts.
# holds: (secret("api_key")["mode"], secret("api_key")["owner"]) == ("0440", "app")
# holds: secret("api_key")["restartUnits"] == ["a.service", "b.service"]
# holds: (secret("token")["mode"], secret("token")["owner"]) == ("0444", "app")
{ lib, ... }:
{
  imports = [
    ../base.nix
    { sops.files.main.settings.restartUnits = [ "b.service" ]; }
  ];
  sops.files.main = {
    sopsFile = ../files/secrets.yaml;
    keys = [
      "token"
      "api_key"
    ];
    settings = {
      mode = "0440";
      owner = lib.mkDefault "app";
      restartUnits = [ "a.service" ];
    };
  };
  sops.secrets.token.mode = "0444";
}
