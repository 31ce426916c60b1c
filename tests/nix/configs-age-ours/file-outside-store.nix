# Files on the host, as agenix takes them: they cannot be looked at when the system is built.
# holds: secret("one")["sopsFile"] == "/var/lib/secrets/one.age"
{
  imports = [ ../base-age.nix ];
  age.secrets.one.file = "/var/lib/secrets/one.age";
  age.secrets.two.file = ../files/two.age;
}
