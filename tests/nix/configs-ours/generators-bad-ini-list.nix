# A list, which INI does not have.
# error: template app/x: ini.s.a: must be a string, number or bool: INI has no lists
{
  imports = [ ../base.nix ];
  sops.secrets.token = { };
  sops.templates."app/x" = {
    ini.s.a = [ 1 ];
  };
}
