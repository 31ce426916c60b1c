# The submodule of one template, for every family: `users` is null where files have no owners (home-manager).
{
  lib,
  pkgs,
  # `sops` or `age`.
  family,
  # File -> path: where a template of this name lies, given its configuration.
  defaultPath,
  defaultPathText,
  users ? null,
  # Whether there is a phase before users exist.
  phases ? false,
}:
let
  inherit (lib) mkOption types;
  generators = import ../generators.nix { inherit lib; };
  placed = import ./placed.nix { inherit lib; };
  data = (import ../types.nix { inherit lib; }).data;

  formats = [
    "raw"
    "json"
    "yaml"
    "toml"
    "ini"
    "env"
    "docker-env"
    "xml"
    "sh"
    "properties"
    "nginx"
  ];

  generator =
    name: example: description:
    mkOption {
      type = types.nullOr (types.attrsOf data);
      default = null;
      inherit example;
      description = ''
        ${description} `content` and `format` follow; placeholders may stand anywhere in strings, and the values that take
        their place are escaped for ${name}.
      '';
    };

  groupOf =
    name: owner:
    users.${owner}.group or (
      # agenix's secrets take numbers for names.
      if family == "age" && builtins.match "[0-9]+" owner != null then
        "0"
      else
        throw "${family}.templates.${name}.owner: there is no user '${owner}' in users.users; set group too"
    );

  owners = config: {
    owner = mkOption {
      type = types.nullOr types.singleLineStr;
      default = null;
      description = ''
        User that owns the file. Can only be set if uid is 0.
      '';
    };
    uid = mkOption {
      type = types.nullOr types.int;
      default = 0;
      description = ''
        Number of the user that owns the file, where owner is null. It need not be the number of a known user.
      '';
    };
    group = mkOption {
      type = types.nullOr types.singleLineStr;
      default = if config.owner != null then groupOf config._module.args.name config.owner else null;
      defaultText = lib.literalExpression "config.users.users.\${owner}.group";
      description = ''
        Group of the file. Can only be set if gid is 0.
      '';
    };
    gid = mkOption {
      type = types.nullOr types.int;
      default = 0;
      description = ''
        Number of the group of the file, where group is null. It need not be the number of a known group.
      '';
    };
    inherit (placed) credential;
  };
in
types.submodule (
  { config, options, ... }:
  let
    given = lib.filter (name: config.${name} != null) generators.names;
    isSet = name: options.${name}.highestPrio < (lib.mkOptionDefault null).priority;
  in
  {
    options = {
      name = mkOption {
        type = types.singleLineStr;
        default = config._module.args.name;
        defaultText = lib.literalMD "the attribute's name";
        description = ''
          Name of the file below the folder `rendered`. It may hold slashes.
        '';
      };
      path = mkOption {
        type = types.singleLineStr;
        default = defaultPath config;
        defaultText = lib.literalMD defaultPathText;
        description = "Path where the rendered file is linked. If the default is kept no link is created.";
      };
      content = mkOption {
        type = types.lines;
        default =
          if given == [ ] then
            ""
          else
            generators.render (lib.head given) { inherit (config) name format; } config.${lib.head given};
        defaultText = lib.literalMD "what `env`, `json`, `yaml`, `toml` or `ini` give";
        description = ''
          Text of the template.
        '';
      };
      mode = mkOption {
        type = types.singleLineStr;
        default = "0400";
        description = ''
          Permissions of the rendered file, in octal.
        '';
      };
      file = mkOption {
        type = types.path;
        # A store name takes no slash; the template's name does.
        default = pkgs.writeText (lib.strings.sanitizeDerivationName config.name) config.content;
        defaultText = lib.literalExpression "pkgs.writeText config.name config.content";
        example = "./configuration-template.conf";
        description = ''
          File used as the template, where `content` is empty. With the engine `minijinja` it names secrets by their `name`:
          `{{ secrets["db/password"] }}`.
        '';
      };
      format = mkOption {
        type = types.nullOr (types.enum formats);
        default = if given == [ ] then null else lib.head given;
        defaultText = lib.literalMD "that of `env`, `json`, `yaml`, `toml` or `ini` where one is set";
        description = ''
          Format of the rendered file. Each value is escaped for the place it stands in, and the finished file is parsed
          again. `env` is systemd's `EnvironmentFile=`, `docker-env` is `docker run --env-file`. `null` or `raw`: values go in
          as they are.
        '';
      };
      engine = mkOption {
        type = types.enum [
          "placeholder"
          "minijinja"
        ];
        default = "placeholder";
        description = ''
          Language of the template: `placeholder` replaces placeholders, `minijinja` also knows
          `{{ secrets["db/password"] | json }}`, `for` and `if`.
        '';
      };
      delimiters = mkOption {
        type = types.submodule {
          options = lib.genAttrs [ "variable" "block" "comment" ] (
            part:
            mkOption {
              type = types.nullOr (
                types.addCheck (types.listOf types.str) (pair: lib.length pair == 2)
                // {
                  description = "list of two strings";
                }
              );
              default = null;
              example = [
                "<<"
                ">>"
              ];
              description = "What stands around a ${
                {
                  variable = "value: `{{` and `}}`";
                  block = "statement: `{%` and `%}`";
                  comment = "comment: `{#` and `#}`";
                }
                .${part}
              } by default.";
            }
          );
        };
        default = { };
        description = ''
          Delimiters of a minijinja template, where the usual ones mean something else in the file.
        '';
      };
      trim = mkOption {
        type = types.nullOr types.bool;
        default = null;
        description = ''
          Whether one line break at the end of a value is left out where the value is put in. `null`: of values that are a
          whole file (binary, age) where the template has a `format`; of no others.
        '';
      };
      env =
        generator "systemd's EnvironmentFile="
          (lib.literalExpression "{ KEY = config.${family}.placeholder.key; }")
          "Variables of an environment file; `null` leaves one out. With `format = \"docker-env\"` the file for `docker run --env-file`.";
      json =
        generator "JSON" (lib.literalExpression "{ db.password = config.${family}.placeholder.db; }")
          "A JSON document. Strings stay strings: `port._raw = config.${family}.placeholder.port` stands without quotes, and takes the type that the value has in the sops file.";
      yaml =
        generator "YAML" (lib.literalExpression "{ db.password = config.${family}.placeholder.db; }")
          "A YAML document. Strings stay strings: `port._raw = config.${family}.placeholder.port` stands without quotes, and takes the type that the value has in the sops file.";
      toml =
        generator "TOML" (lib.literalExpression "{ db.password = config.${family}.placeholder.db; }")
          "A TOML document. Strings stay strings: `port._raw = config.${family}.placeholder.port` stands without quotes, and takes the type that the value has in the sops file.";
      ini =
        generator "INI" (lib.literalExpression "{ db.password = config.${family}.placeholder.db; }")
          "Sections of an INI file, and keys before the first one; `null` leaves one out. INI has no quotes that all readers know: values stand as they are, and line breaks, lists and sections in sections are refused, as are secrets that readers would take apart.";
      sources = mkOption {
        type = types.listOf types.str;
        internal = true;
        visible = false;
        readOnly = true;
        # sops-nix takes `content` and `file` together.
        default =
          given
          ++ lib.optionals (given != [ ]) (
            lib.filter isSet [
              "content"
              "file"
            ]
          );
      };
      fileIgnored = mkOption {
        type = types.bool;
        internal = true;
        visible = false;
        readOnly = true;
        default = isSet "content" && isSet "file" && config.content != "";
      };
      # Not a text of ours, but a file that something else made or wrote.
      hasOwnFile = mkOption {
        type = types.bool;
        internal = true;
        visible = false;
        readOnly = true;
        default = isSet "file";
      };
      inherit (placed)
        symlink
        paths
        restartUnits
        reloadUnits
        ;
    }
    # A user's own units are `restartUnits` already.
    // lib.optionalAttrs (users != null) (
      owners config // { inherit (placed) restartUserUnits reloadUserUnits; }
    )
    // lib.optionalAttrs phases {
      neededForUsers = mkOption {
        type = types.bool;
        default = false;
        description = ''
          Whether the template is rendered before users and groups are created. It lies below
          `/run/secrets-for-users/rendered` then; its owner is set as soon as users exist.
        '';
      };
    };
  }
)
