# A mode that is no text.
{
  imports = [ ../base.nix ];
  sops.secrets.token.mode = 400;
}
