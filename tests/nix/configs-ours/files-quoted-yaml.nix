# Keys in quotes. The file cannot be decrypted, and one name cannot be a file's: it is for the keys alone.
# unbuilt: no values
# holds: sorted(s["name"] for s in r["manifest"]["secrets"]) == [":colon", "it's", "tab\tkey"]
{
  imports = [ ../base.nix ];
  sops.files.quoted.sopsFile = ../files/quoted.yaml;
}
