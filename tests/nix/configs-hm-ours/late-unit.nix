# A unit that waits for another service is not done before basic.target: the circle would leave it out.
# holds: field("sops-nix.service", "Before") == []
# holds: field("sops-nix.service", "DefaultDependencies") == ["true"]
# holds: "basic.target" not in field("agenix.service", "Before")
# warning: sops: secrets are installed after basic.target, for sops-nix.service waits for fetch-key.service
# warning: age: secrets are installed after basic.target, for agenix.service waits for unlock.service
{
  imports = [ ../base-hm.nix ];
  sops.secrets.token = { };
  age.secrets.one.file = ../files/one.age;
  systemd.user.services.sops-nix.Unit.After = [ "fetch-key.service" ];
  systemd.user.services.fetch-key.Service.ExecStart = "/bin/true";
  systemd.user.services.unlock = {
    Unit.Before = "other.service agenix.service";
    Service.ExecStart = "/bin/true";
  };
}
