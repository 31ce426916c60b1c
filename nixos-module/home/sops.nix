# `sops.*` for home-manager: the options of sops-nix's module, and more, served by sops-inlay.
{
  imports = [
    ./sops-secrets.nix
    ./sops-options.nix
    ./sops-assertions.nix
    ./sops-activation.nix
  ];
}
