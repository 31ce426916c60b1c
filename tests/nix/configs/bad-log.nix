# Nothing of that name is logged.
{
  imports = [ ../base.nix ];
  sops.log = [ "everything" ];
  sops.secrets.token = { };
}
