# A secret for users in a normal template.
{ config, ... }:
{
  imports = [ ../base.nix ];
  sops.secrets.alice_password.neededForUsers = true;
  sops.secrets.token = { };
  sops.templates.a.content = config.sops.placeholder.alice_password;
}
