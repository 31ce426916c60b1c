# A section in a section.
# error: template app/x: ini.s.a: must be a string, number or bool: INI has no lists, and no sections
{
  imports = [ ../base.nix ];
  sops.secrets.token = { };
  sops.templates."app/x" = {
    ini.s.a.b = 1;
  };
}
