# A template with group and gid.
{
  imports = [ ../base.nix ];
  sops.secrets.token = { };
  sops.templates.a = {
    group = "app";
    gid = 3;
    content = "x";
  };
}
