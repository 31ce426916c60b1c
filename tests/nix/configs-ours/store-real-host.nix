# What real systems have in /etc: files made on the host, links that lead nowhere or in a circle, devices, programs, very many
# files; and checks of the system, beside which ours is to stand.
# holds: "sops-inlay-store-check" in r["buildFiles"]
{
  config,
  lib,
  pkgs,
  ...
}:
{
  imports = [ ../base.nix ];
  options.system.checks = lib.mkOption { type = lib.types.listOf lib.types.package; };
  config = {
    sops.validateStore = true;
    sops.secrets.token = { };
    sops.templates.a.content = config.sops.placeholder.token;
    environment.etc = {
      "secret.conf".source = config.sops.secrets.token.path;
      "template.conf".source = config.sops.templates.a.path;
      "localtime".source = "/etc/zoneinfo/Europe/Berlin";
      "mtab".source = "/proc/mounts";
      "program".source = "${pkgs.age}/bin/age";
      "links".source = pkgs.runCommand "links" { } ''
        mkdir $out
        ln -s /dev/null $out/masked.service
        ln -s /run/nonexistent $out/x.service
        ln -s ../../../etc/shadow $out/shadow
        ln -s / $out/root
        ln -s loop $out/loop
      '';
    }
    // lib.listToAttrs (
      map (
        i: lib.nameValuePair "some/folder/file${toString i}.conf" { source = pkgs.writeText "f" "x"; }
      ) (lib.range 1 900)
    );
  };
}
