# Chosen keys of a JSON file.
# holds: secret("web/nested/key")["key"] == "nested/key"
# holds: secret("web/nested/key")["owner"] == "app"
{
  imports = [ ../base.nix ];
  sops.files.web = {
    sopsFile = ../files/secrets.json;
    format = "json";
    keys = [ "nested/key" ];
    prefix = "web/";
    settings.owner = "app";
  };
}
