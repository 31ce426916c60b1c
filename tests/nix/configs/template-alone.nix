# A template without any secret.
{
  imports = [ ../base.nix ];
  sops.templates.a.content = "no secret";
}
