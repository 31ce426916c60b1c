# A file that is encrypted to somebody else.
# build: other.yaml
{
  imports = [ ../base.nix ];
  sops.age.recipients = [ "age1fz03c6rtkrqg73ew3jz8jznzg5x6pmp7rly3u2j6s4rdtvja2p3qnerjuv" ];
  sops.secrets.x.sopsFile = ../files/other.yaml;
}
