# `credential` of secrets and templates: the file goes to a service as a systemd credential.
{ config, lib, ... }:
let
  cfg = config.sops;
  handed = lib.filter (file: file.credential != null) (
    lib.attrValues cfg.secrets ++ lib.attrValues cfg.templates
  );
in
{
  config.systemd.services = lib.mkMerge (
    map (file: {
      ${lib.removeSuffix ".service" file.credential.unit}.serviceConfig.LoadCredential = [
        "${file.credential.id}:${file.path}"
      ];
    }) handed
  );
}
