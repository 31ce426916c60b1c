# home-manager: the key is fetched by a service as other services are, after basic.target and before the secrets.
{
  home.username = "app";
  home.homeDirectory = "/home/app";
  sops.defaultSopsFile = ../files/secrets.yaml;
  sops.age.keyFile = "/home/app/fetched.txt";
  sops.secrets.token = { };
  systemd.user.services.sops-nix.Unit.After = [ "fetch-key.service" ];
  systemd.user.services.fetch-key = {
    Service = {
      Type = "oneshot";
      RemainAfterExit = true;
      ExecStart = "/bin/sh -c 'sleep 0.2; cp /home/app/key.txt /home/app/fetched.txt'";
    };
    Install.WantedBy = [ "default.target" ];
  };
  systemd.user.services.reader = {
    Unit.After = [ "sops-nix.service" ];
    Service.ExecStart = "/bin/sh -c 'cat /home/app/.config/sops-nix/secrets/token > /home/app/seen; exec sleep 1000'";
    Install.WantedBy = [ "default.target" ];
  };
}
