# TOML has no null.
# error: there is no null in TOML
{
  imports = [ ../base.nix ];
  sops.secrets.token = { };
  sops.templates.a.toml.a = null;
}
