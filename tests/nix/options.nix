# Names and types of a module's options.
{ lib, module }:
let
  lib0 = import lib;
  evaluated = lib0.evalModules {
    modules = [
      {
        config._module = {
          args.pkgs = {
            inherit (lib0) callPackage;
            writeText = _: _: "/";
            gnupg = "/";
            age = "/";
            # Asked by agenix's module.
            stdenv.hostPlatform.isDarwin = false;
          };
          check = false;
        };
        options.users.users = lib0.mkOption { default = { }; };
      }
      module
    ];
    specialArgs.modulesPath = "/";
  };
in
lib0.listToAttrs (
  map (option: lib0.nameValuePair option.name option.type) (
    lib0.filter (
      option:
      !option.internal && (lib0.hasPrefix "sops." option.name || lib0.hasPrefix "age." option.name)
    ) (lib0.optionAttrSetToDocList evaluated.options)
  )
)
