# A template with owner and uid.
{
  imports = [ ../base.nix ];
  sops.secrets.token = { };
  sops.templates.a = {
    owner = "app";
    uid = 3;
    content = "x";
  };
}
