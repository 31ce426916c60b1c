# Split GPG without a domain.
{
  imports = [ ../base-hm.nix ];
  sops.gnupg.qubes-split-gpg.enable = true;
  sops.secrets.token = { };
}
