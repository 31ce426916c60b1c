# What NixOS's modules for the services of templates-examples/ bring along, as far as our module sees it: users and units. A
# service's settings are taken as they come. For check_snippets.py.
{ config, lib, ... }:
let
  any = lib.mkOption {
    type = lib.types.lazyAttrsOf lib.types.anything;
    default = { };
  };

  # One that is enabled has these. `reloads` are units that can be reloaded.
  known = {
    caddy = {
      user = "caddy";
      reloads = [ "caddy" ];
    };
    dockerRegistry = {
      user = "docker-registry";
      restarts = [ "docker-registry" ];
    };
    guacamole-client = {
      user = "tomcat";
      restarts = [ "tomcat" ];
    };
    guacamole-server.restarts = [ "guacamole-server" ];
    home-assistant = {
      user = "hass";
      reloads = [ "home-assistant" ];
    };
    k3s.restarts = [ "k3s" ];
    matrix-synapse = {
      user = "matrix-synapse";
      reloads = [ "matrix-synapse" ];
    };
    minecraft-server = {
      user = "minecraft";
      restarts = [ "minecraft-server" ];
    };
    miniflux.restarts = [ "miniflux" ];
    mosquitto = {
      user = "mosquitto";
      reloads = [ "mosquitto" ];
    };
    nextcloud.user = "nextcloud";
    nginx = {
      user = "nginx";
      reloads = [ "nginx" ];
    };
    paperless = {
      user = "paperless";
      restarts = map (part: "paperless-${part}") [
        "web"
        "scheduler"
        "task-queue"
        "consumer"
      ];
    };
    postfix = {
      user = "postfix";
      reloads = [ "postfix" ];
    };
    prometheus = {
      user = "prometheus";
      reloads = [ "prometheus" ];
    };
    "prometheus.alertmanager".reloads = [ "alertmanager" ];
    renovate.restarts = [ "renovate" ];
    telegraf = {
      user = "telegraf";
      reloads = [ "telegraf" ];
    };
    traefik = {
      user = "traefik";
      restarts = [ "traefik" ];
    };
    vaultwarden = {
      user = "vaultwarden";
      restarts = [ "vaultwarden" ];
    };
  };

  enabled = lib.filter (
    service: lib.attrByPath (lib.splitString "." service ++ [ "enable" ]) false config.services
  ) (lib.attrNames known);
  units = service: known.${service}.reloads or [ ] ++ known.${service}.restarts or [ ];
  from = field: lib.concatMap (service: lib.toList (known.${service}.${field} or [ ])) enabled;

  containers = config.virtualisation.oci-containers or { };
  named = prefix: set: map (name: prefix + name) (lib.attrNames set);
  reloads = from "reloads";
  restarts =
    from "restarts"
    ++ lib.optional config.services.openssh.enable "sshd"
    ++ lib.optional (config.networking.wireless.enable or false) "wpa_supplicant"
    ++ named "wg-quick-" (config.networking.wg-quick.interfaces or { })
    ++ named "restic-backups-" (config.services.restic.backups or { })
    ++ named "${containers.backend or "podman"}-" (containers.containers or { });
in
{
  options = {
    services =
      lib.genAttrs (map (service: lib.head (lib.splitString "." service)) (lib.attrNames known)) (_: any)
      // lib.genAttrs [ "grafana" "mail" "restic" ] (_: any)
      // {
        openssh.extraConfig = lib.mkOption {
          type = lib.types.lines;
          default = "";
        };
      };
    security.sudo = any;
    networking.wg-quick = any;
  };
  config = {
    users.users = lib.genAttrs (from "user") (user: {
      isSystemUser = true;
      group = user;
    });
    users.groups = lib.genAttrs (from "user") (_: { });
    systemd.services =
      lib.genAttrs restarts (_: {
        serviceConfig.ExecStart = lib.mkDefault "program";
      })
      // lib.genAttrs reloads (_: {
        serviceConfig.ExecStart = lib.mkDefault "program";
        serviceConfig.ExecReload = lib.mkDefault "program";
      });
    assertions = lib.concatMap (
      service:
      map (unit: {
        assertion = !(config.systemd.services ? ${unit});
        message = "${unit}.service is of services.${service}, which is not enabled";
      }) (units service)
    ) (lib.subtractLists enabled (lib.attrNames known));
    # Where a host keeps its key is not the examples' subject.
    sops.age.keyFile = lib.mkDefault "/run/age-keys.txt";
    age.identityPaths = lib.mkDefault [ "/run/age-keys.txt" ];
  };
}
