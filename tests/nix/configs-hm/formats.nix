# Other formats.
{
  imports = [ ../base-hm.nix ];
  sops.secrets.env = {
    sopsFile = ../files/secrets.env;
    format = "dotenv";
  };
  sops.secrets.json = {
    sopsFile = ../files/secrets.json;
    format = "json";
    key = "nested/key";
  };
}
