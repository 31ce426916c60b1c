# An owner that the configuration does not know.
# error: sops.templates.a.owner: there is no user 'nobody-here' in users.users; set group too
{
  imports = [ ../base.nix ];
  sops.secrets.token = { };
  sops.templates.a = {
    content = "a";
    owner = "nobody-here";
  };
}
