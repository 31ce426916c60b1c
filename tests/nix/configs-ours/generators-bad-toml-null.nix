# TOML has no null.
# error: template a: toml.s.a: there is no null in TOML
{
  imports = [ ../base.nix ];
  sops.secrets.token = { };
  sops.templates.a.toml.s.a = null;
}
