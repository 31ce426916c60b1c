# Both families of options: `sops.*` as sops-nix has them, `age.*` as agenix has them.
{
  imports = [
    ./sops.nix
    ./age.nix
  ];
}
