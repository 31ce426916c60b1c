# Before all other services of the user.
# holds: "basic.target" in fields("sops-nix.service", "Before")
{
  imports = [ ../base-hm.nix ];
  sops.secrets.token = { };
}
