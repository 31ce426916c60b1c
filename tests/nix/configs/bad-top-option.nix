# A misspelt option at the top.
{
  imports = [ ../base.nix ];
  sops.secret.token = { };
}
