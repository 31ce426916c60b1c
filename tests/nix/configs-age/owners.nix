# Owners and modes.
{
  imports = [ ../base-age.nix ];
  age.secrets.one = {
    file = ../files/one.age;
    owner = "app";
    mode = "0440";
  };
  age.secrets.two = {
    file = ../files/two.age;
    owner = "1000";
    group = "keys";
    mode = "u=rw,g=r";
  };
}
