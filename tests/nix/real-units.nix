# NixOS makes `unitConfig` of a unit's other options; the harness does not. With that, who reads a `unitConfig` reads the order.
{ lib, ... }:
{
  options.systemd.services = lib.mkOption {
    type = lib.types.attrsOf (
      lib.types.submodule (
        { config, ... }:
        {
          config.unitConfig = lib.optionalAttrs (config.before != [ ] || config.after != [ ]) {
            X-Ordered = "yes";
          };
        }
      )
    );
  };
}
