# The last secret goes.
{ config, ... }:
{
  imports = [ ./base.nix ];
  sops.keepGenerations = 0;
  sops.secrets.api_key = { };
  sops.secrets.token.path = "/etc/app/token";
  sops.secrets.copied = {
    key = "token";
    symlink = false;
    path = "/etc/app/copied";
  };
  sops.secrets.alice_password.neededForUsers = true;
  sops.templates."app.env".content = "API_KEY=${config.sops.placeholder.api_key}\n";
}
