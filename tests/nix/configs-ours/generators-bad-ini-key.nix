# What another line would be made of.
# error: template app/x: ini.s.#a: the name of an INI key
{
  imports = [ ../base.nix ];
  sops.secrets.token = { };
  sops.templates."app/x" = {
    ini.s."#a" = 1;
  };
}
