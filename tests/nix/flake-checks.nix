# The modules evaluated with the nixpkgs at hand; building one of these runs `sops-inlay check` on its manifest.
{
  lib,
  pkgs,
  nixpkgs,
  modules,
}:
let
  system =
    module: config:
    nixpkgs.lib.nixosSystem {
      inherit (pkgs.stdenv.hostPlatform) system;
      modules = [
        module
        config
        { system.stateVersion = lib.trivial.release; }
      ];
    };
in
{
  module-sops = (system modules.sops ./configs/templates.nix).config.system.build.sops-nix-manifest;
  module-age =
    (system modules.age ./configs-age-ours/templates.nix).config.system.build.agenix-manifest;
}
