# A placeholder in a file that lies behind a link of a folder.
# build: etc/app/sub/file:1:1
# build: etc/app:/nix/store/
{ config, pkgs, ... }:
{
  imports = [ ../base.nix ];
  sops.validateStore = true;
  sops.secrets.token = { };
  sops.templates.a.content = config.sops.placeholder.token;
  environment.etc.app.source =
    pkgs.runCommand "app"
      {
        token = config.sops.placeholder.token;
        other = pkgs.writeText "other" "a ${config.sops.placeholder.token}";
      }
      ''
        mkdir -p $out/sub
        echo "$token" > $out/sub/file
        ln -s $other $out/link
      '';
}
