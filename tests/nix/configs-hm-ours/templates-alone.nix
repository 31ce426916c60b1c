# Templates without secrets are installed too, and need no key.
# holds: len(r["manifests"]) == 2 and all(len(m["templates"]) == 1 for m in r["manifests"].values())
# holds: {"sops-nix.service", "agenix.service"} <= set(r["units"])
{
  home.username = "alice";
  age.identityPaths = [ ];
  sops.templates.a.content = "a";
  age.templates.a.content = "a";
}
