# NixOS tests in virtual machines, one promise each: `nix build .#checks.x86_64-linux.NAME`.
{ pkgs, modules }:
let
  inherit (pkgs) lib;
  names = [
    "secrets-are-there-before-services-start"
    "owners-and-modes-are-as-declared"
    "passwords-are-there-before-users"
    "a-template-for-users-gets-its-owner"
    "a-changed-secret-restarts-its-unit"
    "a-removed-secret-is-removed"
    "a-failed-activation-is-a-failed-unit"
    "a-dry-activation-writes-nothing"
    "agenix-secrets-and-templates"
  ];
in
lib.genAttrs names (
  name:
  pkgs.testers.runNixOSTest {
    inherit name;
    imports = [ (import (./. + "/${name}.nix")) ];
    defaults.imports = [
      modules.default
      ./machine.nix
    ];
  }
)
