# An owner that the configuration does not know.
# error: age.templates.a.owner: there is no user 'ghost' in users.users; set group too
{
  imports = [ ../base-age.nix ];
  age.secrets.one.file = ../files/one.age;
  age.templates.a = {
    content = "a";
    owner = "ghost";
  };
}
