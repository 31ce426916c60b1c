# Owner by name and by number.
{
  imports = [ ../base.nix ];
  sops.secrets.token = {
    owner = "app";
    uid = 1;
  };
}
