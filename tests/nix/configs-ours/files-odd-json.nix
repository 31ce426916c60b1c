# The same of JSON; the format is the default one.
# holds: sorted(s["name"] for s in r["manifest"]["secrets"]) == ["j-a/b", "j-b", "j-back\\slash", "j-f", "j-n", "j-sops_token", "j-with space"]
{
  imports = [ ../base.nix ];
  sops.defaultSopsFormat = "json";
  sops.files.odd = {
    sopsFile = ../files/odd.json;
    prefix = "j-";
  };
}
