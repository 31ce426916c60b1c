# home-manager: a user's secrets of both families.
{ config, ... }:
{
  home.username = "app";
  home.homeDirectory = "/home/app";
  sops.defaultSopsFile = ../files/secrets.yaml;
  sops.age.keyFile = "/home/app/key.txt";
  sops.secrets.token.restartUnits = [ "reader.service" ];
  sops.secrets.api_key.path = "%r/api key";
  sops.templates."a.conf".content = "token ${config.sops.placeholder.token}";
  age.identityPaths = [ "/home/app/key.txt" ];
  age.secrets.one.file = ../files/one.age;
  systemd.user.services.reader = {
    Unit.Description = "reads a secret as soon as services may";
    Service.ExecStart = "/bin/sh -c 'cat /home/app/.config/sops-nix/secrets/token > /home/app/seen; exec sleep 1000'";
    Install.WantedBy = [ "default.target" ];
  };
}
