# `age.*` for home-manager: the options of agenix's module, and more, served by sops-inlay.
{
  imports = [
    ./age-options.nix
    ./age-assertions.nix
    ./age-activation.nix
  ];
}
