# A misspelt option.
{
  imports = [ ../base.nix ];
  sops.secrets.token.ownr = "app";
}
