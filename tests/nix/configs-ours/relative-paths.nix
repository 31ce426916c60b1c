# Paths of the system are absolute.
# assertion: sops.secrets.token: the path "app/token" must begin with a slash
# assertion: sops.secrets.api_key: the path "key" must begin with a slash
# assertion: sops.templates.a: the path "" must begin with a slash
{
  imports = [ ../base.nix ];
  sops.secrets.token.path = "app/token";
  sops.secrets.api_key.paths = [ "key" ];
  sops.templates.a = {
    path = "";
    content = "x";
  };
}
