# A key that everyone can read, and one that is not copied to where everyone can read it.
# warning: age.identityPaths: the private key /nix/store/
# holds: r["manifest"]["ageIdentityPaths"][1] == "/home/alice/key"
# holds: len(r["warnings"]) == 1
{
  imports = [ ../base-hm-age.nix ];
  age.identityPaths = [
    "${../base-hm-age.nix}"
    /home/alice/key
  ];
  age.secrets.one.file = ../files/one.age;
}
