# Services that are all ordered after each other, in a circle, too: each is looked at once.
# holds: "sysinit.target" in field("sops-install-secrets.service", "Before")
{ lib, ... }:
{
  imports = [ ../base.nix ];
  sops.useSystemdActivation = true;
  sops.secrets.token = { };
  systemd.services = lib.genAttrs (map (i: "s${toString i}") (lib.range 1 40)) (name: {
    unitConfig.DefaultDependencies = false;
    after = map (i: "s${toString i}.service") (lib.range 1 40);
    before = lib.optional (name == "s40") "sops-install-secrets.service";
  });
}
