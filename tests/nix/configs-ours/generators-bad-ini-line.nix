# A line break, which could begin another section.
# error: template app/x: ini.s.a: an INI value cannot hold line breaks
{
  imports = [ ../base.nix ];
  sops.secrets.token = { };
  sops.templates."app/x" = {
    ini.s.a = "x\n[evil]";
  };
}
