# What the snippets of the documentation take for granted: users, a key, the sops file, and options of the services they name.
{ lib, options, ... }:
let
  some = lib.mkOption {
    type = lib.types.attrsOf lib.types.anything;
    default = { };
  };
in
{
  options.services = {
    restic = some;
    matrix-synapse = some;
  };
  config = {
    users.users = {
      app = {
        isSystemUser = true;
        group = "app";
      };
      alice = {
        isNormalUser = true;
        group = "users";
      };
      mosquitto = {
        isSystemUser = true;
        group = "app";
      };
      matrix-synapse = {
        isSystemUser = true;
        group = "app";
      };
    };
    users.groups.app = { };
    sops.defaultSopsFile = lib.mkDefault ./secrets.yaml;
    sops.age.keyFile = lib.mkDefault "/var/lib/sops-nix/key.txt";
  }
  // lib.optionalAttrs (options ? age) { age.identityPaths = lib.mkDefault [ "/etc/ssh/host" ]; };
}
