# A sops file outside of the store.
{
  imports = [ ../base.nix ];
  sops.secrets.token.sopsFile = "/etc/hostname";
}
