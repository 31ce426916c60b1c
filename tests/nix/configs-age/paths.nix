# Links and copies.
{
  imports = [ ../base-age.nix ];
  age.secrets.one = {
    file = ../files/one.age;
    path = "/etc/app/one";
  };
  age.secrets.two = {
    file = ../files/two.age;
    path = "/etc/app/two";
    symlink = false;
  };
}
