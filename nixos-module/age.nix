# `age.*`: the options of agenix's NixOS module, and more, served by sops-inlay.
{
  imports = [
    ./age/options.nix
    ./age/templates.nix
    ./age/assertions.nix
    ./age/activation.nix
  ];
}
