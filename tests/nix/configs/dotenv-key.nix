# A dotenv file with a key.
{
  imports = [ ../base.nix ];
  sops.secrets.env = {
    sopsFile = ../files/secrets.env;
    format = "dotenv";
    key = "API_KEY";
  };
}
