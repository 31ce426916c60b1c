# NixOS tests in virtual machines, one promise each: `nix build .#checks.x86_64-linux.NAME`.
#
# The same promises, held without virtual machines by ../nix/run_boot.sh, which boots a systemd:
#   secrets-are-there-before-services-start   race, unit
#   owners-and-modes-are-as-declared          unit
#   passwords-are-there-before-users          for-users, agenix
#   a-template-for-users-gets-its-owner       for-users
#   a-changed-secret-restarts-its-unit        unit, home
#   a-removed-secret-is-removed               unit
#   the-last-secret-is-removed                emptied-script
#   a-failed-activation-is-a-failed-unit      script, unit
#   a-dry-activation-writes-nothing           script
#   agenix-secrets-and-templates              agenix, agenix-script
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
    "the-last-secret-is-removed"
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
