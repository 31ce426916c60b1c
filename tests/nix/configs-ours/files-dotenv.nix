# All keys of a dotenv file, each a secret.
# holds: [(s["name"], s["key"]) for s in r["manifest"]["secrets"]] == [("env/API_KEY", "API_KEY"), ("env/DB_PASSWORD", "DB_PASSWORD")]
{
  imports = [ ../base.nix ];
  sops.files.env = {
    sopsFile = ../files/secrets.env;
    format = "dotenv";
    prefix = "env/";
  };
}
