# Where the host's private keys are, and its public ones.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  common = import ./common.nix {
    inherit lib pkgs;
    cfg = config.sops;
  };
  inherit (import ../types.nix { inherit lib; }) pathNotInStore;

  # A host key that sops itself deploys cannot open the file it comes from.
  hostKeys =
    algorithm:
    if config.services.openssh.enable then
      map (key: key.path) (
        lib.filter (
          key: key.type == algorithm && !(lib.hasPrefix "/run/secrets" key.path)
        ) config.services.openssh.hostKeys
      )
    else
      [ ];
in
{
  imports = [
    (lib.mkRenamedOptionModule [ "sops" "gnupgHome" ] [ "sops" "gnupg" "home" ])
    (lib.mkRenamedOptionModule [ "sops" "sshKeyPaths" ] [ "sops" "gnupg" "sshKeyPaths" ])
  ];

  options.sops.age = {
    inherit (common.age) plugins generateKey;

    keyFile = lib.mkOption {
      type = lib.types.nullOr pathNotInStore;
      default = null;
      example = "/var/lib/sops-nix/key.txt";
      description = ''
        File of age identities that decrypts the sops files.
      '';
    };

    sshKeyPaths = lib.mkOption {
      type = lib.types.listOf lib.types.path;
      default = hostKeys "ed25519";
      defaultText = lib.literalMD "The ed25519 keys from {option}`config.services.openssh.hostKeys`";
      description = ''
        SSH keys used as age identities: each as the SSH key it is, and as the age key that ssh-to-age makes of it.
      '';
    };

    keyCredential = lib.mkOption {
      type = lib.types.nullOr lib.types.str;
      default = null;
      example = "age-key:/etc/credstore.encrypted/age-key";
      description = ''
        Name of the systemd credential that holds the age identity, `NAME` or `NAME:PATH`, as `LoadCredential=` takes it: a
        credential of the machine (virtual machines, containers, firmware) or a file. Needs
        {option}`sops.useSystemdActivation`.
      '';
    };

    keyCredentialEncrypted = lib.mkOption {
      type = lib.types.bool;
      default = false;
      description = ''
        Whether the credential is encrypted, as `systemd-creds encrypt` does with the TPM or the host's own key.
      '';
    };

    recipients = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ ];
      example = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI… host" ];
      description = ''
        Public keys of this host. When any is given, the build fails on a sops file that is encrypted to none of them, instead
        of the activation on the host.
      '';
    };
  };

  options.sops.gnupg = {
    inherit (common.gnupg) package;

    home = lib.mkOption {
      type = lib.types.nullOr lib.types.str;
      default = null;
      example = "/root/.gnupg";
      description = ''
        Folder of the GnuPG key ring that decrypts the sops files.
      '';
    };

    sshKeyPaths = lib.mkOption {
      type = lib.types.listOf lib.types.path;
      default = hostKeys "rsa";
      defaultText = lib.literalMD "The rsa keys from {option}`config.services.openssh.hostKeys`";
      description = ''
        RSA SSH keys used as OpenPGP keys. Must be set to `[ ]` where {option}`sops.gnupg.home` is set.
      '';
    };
  };
}
