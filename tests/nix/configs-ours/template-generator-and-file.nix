# What a generator writes and a file exclude each other.
# assertion: sops.templates.a takes one of env, file
{
  imports = [ ../base.nix ];
  sops.secrets.token = { };
  sops.templates.a = {
    env.A = "a";
    file = ../files/template.conf;
  };
}
