# What takes the secrets away when the last one goes looks for them where they were put.
# modules: default
# holds: [json.loads(t["text"])["allowDisk"] for t in r["texts"].values() if t["name"] == "nothing.json"] == [True] * 3
# holds: sorted(json.loads(t["text"])["useTmpfs"] for t in r["texts"].values() if t["name"] == "nothing.json") == [False, True, True]
{
  imports = [ ../base.nix ];
  sops.useTmpfs = true;
  sops.allowDisk = true;
  sops.secrets.token = { };
  sops.secrets.alice_password.neededForUsers = true;
  age.allowDisk = true;
  age.identityPaths = [ "/run/age-keys.txt" ];
  age.secrets.token.file = ../files/one.age;
}
