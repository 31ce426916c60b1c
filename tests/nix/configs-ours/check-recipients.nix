# A file that this host can open.
{
  imports = [ ../base.nix ];
  sops.age.recipients = [ "age1fz03c6rtkrqg73ew3jz8jznzg5x6pmp7rly3u2j6s4rdtvja2p3qnerjuv" ];
  sops.secrets.token = { };
}
