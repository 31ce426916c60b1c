# The keys named alone, not those that sops would find.
# holds: "export HOME=/var/empty XDG_CONFIG_HOME=/var/empty" in text("agenix-home-manager-mount-secrets")
# holds: "SOPS_INLAY_STATE_DIR=/home/alice/.local/state/sops-inlay" in text("agenix-home-manager-mount-secrets")
{
  imports = [ ../base-hm-age.nix ];
  age.secrets.one.file = ../files/one.age;
}
