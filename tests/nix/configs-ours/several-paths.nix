# Several links for one secret.
# holds: secret("token")["paths"] == ["/etc/a", "/etc/b"]
{
  imports = [ ../base.nix ];
  sops.secrets.token.paths = [
    "/etc/a"
    "/etc/b"
  ];
}
