# Generations kept, and a shorter log.
{
  imports = [ ../base.nix ];
  sops.keepGenerations = 0;
  sops.log = [ "secretChanges" ];
  sops.secrets.db_password = { };
}
