# A unit on request.
{
  imports = [ ../base.nix ];
  sops.useSystemdActivation = true;
  sops.secrets.db_password = { };
}
