# Both families of options for home-manager: `sops.*` as sops-nix has them, `age.*` as agenix has them.
{
  imports = [
    ./home/sops.nix
    ./home/age.nix
  ];
}
