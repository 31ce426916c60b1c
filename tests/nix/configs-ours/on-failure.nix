# What a failure leaves behind.
# holds: r["manifest"]["onFailure"] == "auto"
# holds: r["manifest"]["integrity"] == "values"
# holds: r["manifest"]["allowDisk"] is True
{
  imports = [ ../base.nix ];
  sops.onFailure = "auto";
  sops.integrity = "values";
  sops.allowDisk = true;
  sops.secrets.token = { };
}
