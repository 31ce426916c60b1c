# A path for a secret that is in no file.
# assertion: sops.secrets.token.install = false: there is no file that credential, path
{ config, ... }:
{
  imports = [ ../base.nix ];
  sops.secrets.token = {
    install = false;
    path = "/etc/app/token";
  };
  sops.templates.a.content = config.sops.placeholder.token;
}
