# `sops.*`: the options of sops-nix's NixOS module, and more, served by sops-inlay.
{
  imports = [
    ./options/secrets.nix
    ./options/files.nix
    ./options/templates.nix
    ./options/keys.nix
    ./options/runtime.nix
    ./assertions.nix
    ./assertions-files.nix
    ./activation.nix
    ./units.nix
    ./credentials.nix
    ./store-check.nix
  ];
}
