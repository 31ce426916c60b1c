# Owners by name and by number.
{
  imports = [ ../base.nix ];
  sops.secrets.db_password.owner = "app";
  sops.secrets.api_key = {
    uid = 4242;
    gid = 4343;
    mode = "0440";
  };
  sops.secrets.token = {
    owner = "app";
    group = "keys";
  };
  sops.secrets.by_null = {
    key = "token";
    uid = null;
    gid = null;
  };
}
