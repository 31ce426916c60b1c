# When sops-nix.service runs.
{
  config,
  options,
  lib,
}:
import ./late.nix { inherit config options lib; } {
  family = "sops";
  name = "sops-nix";
  # gpg may ask for a passphrase, a plugin for a touch: that needs the session.
  prompts =
    config.sops.gnupg.home != null
    || config.sops.gnupg.qubes-split-gpg.enable
    || config.sops.age.plugins != [ ];
}
