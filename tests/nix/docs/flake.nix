# The modules of the one system that the flake in ./snippet.nix makes.
{ root, lib }:
let
  nixpkgs.lib = lib // {
    nixosSystem = { modules, ... }: modules;
  };
  ours = (import (root + "/flake.nix")).outputs {
    self = ours;
    inherit nixpkgs;
  };
  snippet = import ./snippet.nix;
  outputs = snippet.outputs {
    self = outputs;
    inherit nixpkgs;
    sops-inlay = ours;
  };
in
lib.head (lib.attrValues outputs.nixosConfigurations)
