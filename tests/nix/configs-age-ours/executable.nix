# A secret may be a program.
# holds: r["manifest"]["allowExec"] is True
{
  imports = [ ../base-age.nix ];
  age.secrets.one = {
    file = ../files/one.age;
    mode = "0500";
  };
}
