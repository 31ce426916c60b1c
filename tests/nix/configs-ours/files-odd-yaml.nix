# Keys with blanks, slashes, quotes and the like, of which the engine finds each; neither what is not encrypted nor maps and lists.
# holds: {s["name"]: s["key"] for s in r["manifest"]["secrets"] if s["name"] != s["key"]} == {"a/b": "a\\/b", "back\\slash": "back\\\\slash"}
# holds: {"with space", "a@b", "y", "123", "quo\"te", "ünï", "dot.key", "sops_token"} < {s["name"] for s in r["manifest"]["secrets"]}
# holds: not {"empty", "null_", "list", "nested", "x_unencrypted", "sops"} & {s["name"] for s in r["manifest"]["secrets"]}
{
  imports = [ ../base.nix ];
  sops.files.odd.sopsFile = ../files/odd.yaml;
}
