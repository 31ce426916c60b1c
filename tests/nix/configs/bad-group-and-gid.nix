# Group by name and by number.
{
  imports = [ ../base.nix ];
  sops.secrets.token = {
    group = "keys";
    gid = 1;
  };
}
