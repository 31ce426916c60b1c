# The same of dotenv.
# holds: [s["name"] for s in r["manifest"]["secrets"]] == ["A", "B", "C-D", "F.G", "I J", "export E"]
{
  imports = [ ../base.nix ];
  sops.files.odd = {
    sopsFile = ../files/odd.env;
    format = "dotenv";
  };
}
