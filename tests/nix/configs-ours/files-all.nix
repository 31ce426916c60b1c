# All keys of a file.
# holds: sorted(s["name"] for s in r["manifest"]["secrets"]) == ["alice_password", "api_key", "db_password", "token"]
{
  imports = [ ../base.nix ];
  sops.files.main.sopsFile = ../files/secrets.yaml;
}
