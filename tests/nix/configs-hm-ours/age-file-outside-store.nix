# A file in the home cannot be looked at when it is built.
# holds: secret("one")["sopsFile"] == "/home/alice/one.age"
{
  imports = [ ../base-hm-age.nix ];
  age.secrets.one.file = "/home/alice/one.age";
}
