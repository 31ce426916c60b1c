# A copy needs a place.
# assertion: age.secrets.one.symlink = false needs a `path` of its own
{
  imports = [ ../base-age.nix ];
  age.secrets.one = {
    file = ../files/one.age;
    symlink = false;
  };
}
