# The options of our modules as data, for generate-options.py: name, type, description, default and example as text.
{ lib }:
let
  lib0 = import lib;
  # Nothing of a package is looked at: defaults have texts.
  pkgs = {
    inherit (lib0) callPackage;
    writeText = _: _: "/";
    gnupg = "/";
    age = "/";
  };

  evaluated =
    module:
    lib0.evalModules {
      modules = [
        {
          config._module = {
            args.pkgs = pkgs;
            check = false;
          };
          # What the modules look at to know their options; nothing else of a system is here.
          options.users.users = lib0.mkOption { default = { }; };
        }
        module
      ];
      specialArgs.modulesPath = "/";
    };

  value =
    value:
    if value._type or "" == "literalMD" then
      {
        kind = "literalMD";
        inherit (value) text;
      }
    else if value._type or "" == "literalExpression" then
      {
        kind = "nix";
        inherit (value) text;
      }
    else
      {
        kind = "nix";
        text = lib0.generators.toPretty { } value;
      };

  text = description: description.text or description;

  shown =
    option:
    {
      inherit (option) name type;
      description = text option.description;
    }
    // lib0.optionalAttrs (option ? default) { default = value option.default; }
    // lib0.optionalAttrs (option ? example) { example = value option.example; };

  document =
    module:
    map shown (
      lib0.filter (
        option:
        option.visible
        && !option.internal
        && (lib0.hasPrefix "sops." option.name || lib0.hasPrefix "age." option.name)
      ) (lib0.optionAttrSetToDocList (evaluated module).options)
    );
in
{
  nixos = document ../nixos-module;
  home = document ../nixos-module/home-manager.nix;
}
