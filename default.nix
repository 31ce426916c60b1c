# Without flakes: `import ./. { inherit pkgs; }` gives the package and the modules.
{
  pkgs ? import <nixpkgs> { },
  ...
}:
let
  sops-inlay = pkgs.callPackage ./nixos-module/package.nix { };
in
{
  inherit sops-inlay;
  default = sops-inlay;

  # The package answers to sops-nix's program name too, so it can stand where that package stands.
  sops-install-secrets = sops-inlay;

  nixosModules = {
    sops-inlay.imports = [ ./nixos-module ];
    sops.imports = [ ./nixos-module/sops.nix ];
    age.imports = [ ./nixos-module/age.nix ];
  };
  homeModules = {
    sops-inlay.imports = [ ./nixos-module/home-manager.nix ];
    sops.imports = [ ./nixos-module/home/sops.nix ];
    age.imports = [ ./nixos-module/home/age.nix ];
  };
}
