# The program of sops-nix, left in the configuration.
# assertion: sops.package is sops-nix's own program
{ pkgs, ... }:
{
  imports = [ ../base.nix ];
  sops.secrets.token = { };
  sops.package = pkgs.runCommand "sops-install-secrets" {
    pname = "sops-install-secrets";
    meta.mainProgram = "sops-install-secrets";
  } "mkdir $out";
}
