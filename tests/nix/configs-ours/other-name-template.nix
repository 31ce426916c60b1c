# A secret with another name than its attribute, in templates of both languages.
# holds: list(r["manifest"]["placeholderBySecretName"]) == ["db/pass"]
{ config, ... }:
{
  imports = [ ../base.nix ];
  sops.secrets.db_password.name = "db/pass";
  sops.templates.a.content = config.sops.placeholder.db_password;
  sops.templates.b = {
    engine = "minijinja";
    content = ''{{ secrets["db/pass"] }}'';
  };
}
