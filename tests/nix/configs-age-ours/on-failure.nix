# At boot the other secrets are installed, as agenix does.
# holds: r["manifest"]["onFailure"] == "auto"
{
  imports = [ ../base-age.nix ];
  age.secrets.one.file = ../files/one.age;
}
