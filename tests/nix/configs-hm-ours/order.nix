# Before all other services of the user, and in the activation once the units are linked.
# holds: "basic.target" in field("sops-nix.service", "Before")
# holds: "basic.target" in field("agenix.service", "Before")
# holds: field("sops-nix.service", "DefaultDependencies") == ["false"]
# holds: [name for name in order() if name in ("reloadSystemd", "sops-nix")] == ["reloadSystemd", "sops-nix"]
# holds: [name for name in order() if name in ("reloadSystemd", "agenix")] == ["reloadSystemd", "agenix"]
# holds: order().index("checkLinkTargets") < order().index("sopsLeftovers") > order().index("linkGeneration")
# holds: r["warnings"] == []
{
  imports = [ ../base-hm.nix ];
  sops.secrets.token = { };
  age.secrets.one.file = ../files/one.age;
}
