# A host under the unmodified sops-nix module, whose installer is our program: a service that reads a template as its
# environment, one that is reloaded, and a link outside. `change` is what the numbered configurations differ in.
change:
{ config, ... }:
{
  imports = [ change ];
  services.userborn.enable = true; # sops-nix then installs by a unit of systemd
  # sops-nix orders its unit only before sysinit-reactivation.target: at boot others race with it
  systemd.services.sops-install-secrets.before = [ "sysinit.target" ];
  users.users.app = {
    isSystemUser = true;
    group = "app";
    uid = 1500;
  };
  users.groups.app.gid = 1500;
  sops = {
    defaultSopsFile = ../../templates-examples/env-file/secrets.yaml;
    age.keyFile = "/run/age-keys.txt";
    gnupg.sshKeyPaths = [ ];
    secrets.db = {
      owner = "app";
    };
    secrets."nested/mail" = {
      key = "smtp/password";
      mode = "0440";
      group = "keys";
      path = "/etc/app/mail.key";
    };
    templates."app.env" = {
      owner = "app";
      restartUnits = [ "app.service" ];
      content = ''
        DB="${config.sops.placeholder.db}"
        MAIL="${config.sops.placeholder."nested/mail"}"
      '';
    };
    templates."other.conf" = {
      reloadUnits = [ "other.service" ];
      content = "mail ${config.sops.placeholder."nested/mail"}";
    };
  };
  systemd.services.app = {
    wantedBy = [ "multi-user.target" ];
    serviceConfig = {
      EnvironmentFile = config.sops.templates."app.env".path;
      User = "app";
      RuntimeDirectory = "app";
      ExecStart = "/bin/sh -c 'env > /run/app/env; exec sleep 1000'";
    };
  };
  systemd.services.other = {
    wantedBy = [ "multi-user.target" ];
    serviceConfig = {
      ExecStart = "/bin/sleep 1000";
      ExecReload = "/bin/sh -c 'echo reloaded >> /run/other.reloads'";
    };
  };
}
