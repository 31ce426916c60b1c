{
  description = "sops-inlay: renders config files that hold secrets, and installs them";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixpkgs-unstable";

  outputs =
    { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;
      eachSystem =
        f:
        lib.genAttrs [
          "x86_64-linux"
          "aarch64-linux"
        ] (system: f nixpkgs.legacyPackages.${system});

      # An attribute set with a path in `imports` counts once, however often it is imported.
      module = path: { imports = [ path ]; };
    in
    {
      packages = eachSystem (
        pkgs:
        let
          inherit (import ./. { inherit pkgs; }) sops-inlay;
        in
        {
          inherit sops-inlay;
          default = sops-inlay;
          sops-install-secrets = sops-inlay;
        }
      );

      overlays.default = final: _: {
        inherit (import ./. { pkgs = final; }) sops-inlay;
      };

      nixosModules = {
        sops-inlay = module ./nixos-module;
        sops = module ./nixos-module/sops.nix;
        age = module ./nixos-module/age.nix;
        default = module ./nixos-module;
      };

      homeModules = {
        sops-inlay = module ./nixos-module/home-manager.nix;
        sops = module ./nixos-module/home/sops.nix;
        age = module ./nixos-module/home/age.nix;
        default = module ./nixos-module/home-manager.nix;
      };
      homeManagerModules = self.homeModules;

      apps = eachSystem (
        pkgs:
        let
          sops-inlay = {
            type = "app";
            program = "${self.packages.${pkgs.stdenv.hostPlatform.system}.sops-inlay}/bin/sops-inlay";
          };
        in
        {
          inherit sops-inlay;
          default = sops-inlay;
        }
      );

      devShells = eachSystem (pkgs: {
        default = pkgs.mkShell {
          packages = [
            pkgs.cargo
            pkgs.rustc
            pkgs.clippy
            pkgs.rustfmt
            pkgs.rust-analyzer
            pkgs.sops
            pkgs.age
            pkgs.nixfmt
          ];
        };
      });

      # The package runs the unit tests when it is built; the modules are evaluated and their manifests checked; the rest boots.
      checks = eachSystem (
        pkgs:
        {
          unit-tests = self.packages.${pkgs.stdenv.hostPlatform.system}.sops-inlay;
        }
        // import ./tests/nix/flake-checks.nix {
          inherit lib pkgs nixpkgs;
          modules = self.nixosModules;
        }
        // import ./tests/nixos {
          inherit pkgs;
          modules = self.nixosModules;
        }
      );

      formatter = eachSystem (pkgs: pkgs.nixfmt-tree);
    };
}
