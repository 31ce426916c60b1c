# The tokens that stand for secrets in templates.
{ lib }:
{
  option =
    family:
    lib.mkOption {
      type = lib.types.attrsOf (import ./types.nix { inherit lib; }).coercibleToString;
      default = { };
      defaultText = lib.literalMD "one token for each secret, once there is a template";
      description = "The token of each secret, to be put into templates: `config.${family}.placeholder.NAME`.";
    };

  # A prefix keeps the tokens of two families apart where both have a secret of one name: a token in a template of the wrong
  # family is then an error that names it, and not another secret.
  tokens =
    prefix: secrets:
    lib.mapAttrs (
      name: _: lib.mkDefault "<SOPS:${builtins.hashString "sha256" (prefix + name)}:PLACEHOLDER>"
    ) secrets;

  # As manifests have them: `name` names a secret there, whatever its attribute is called.
  bySecretName =
    secrets:
    lib.mapAttrs' (attribute: token: lib.nameValuePair (secrets.${attribute}.name or attribute) token);
}
