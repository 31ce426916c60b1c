# sops-inlay from this tree, crates by Cargo.lock alone.
{
  lib,
  stdenv,
  rustPlatform,
  installShellFiles,
  # OpenPGP in process, for SSH RSA host keys as sops-nix uses them.
  withPgp ? true,
}:
let
  root = ./..;
  cargo = lib.importTOML (root + "/Cargo.toml");
in
rustPlatform.buildRustPackage {
  pname = "sops-inlay";
  inherit (cargo.package) version;

  # Documents and Nix files do not rebuild the program. (lib.fileset needs a newer Nix.)
  src = builtins.path {
    name = "sops-inlay-source";
    path = root;
    filter =
      path: _:
      let
        relative = lib.removePrefix "${toString root}/" (toString path);
      in
      lib.any (part: relative == part || lib.hasPrefix "${part}/" relative) [
        "Cargo.toml"
        "Cargo.lock"
        "src"
        "tests"
        "templates-examples"
      ];
  };
  cargoLock.lockFile = root + "/Cargo.lock";

  buildNoDefaultFeatures = !withPgp;
  nativeBuildInputs = [ installShellFiles ];
  # The other tests need root, mounts or the fixtures of other projects.
  cargoTestFlags = [ "--lib" ];

  postInstall = ''
    ln -s sops-inlay $out/bin/sops-install-secrets
  ''
  + lib.optionalString (stdenv.buildPlatform.canExecute stdenv.hostPlatform) ''
    for shell in bash zsh fish; do
      $out/bin/sops-inlay completions $shell > sops-inlay.$shell
    done
    installShellCompletion sops-inlay.{bash,zsh,fish}
    $out/bin/sops-inlay man > sops-inlay.1
    for command in install render check scan decrypt schema completions man; do
      $out/bin/sops-inlay man $command > sops-inlay-$command.1
    done
    installManPage sops-inlay*.1
  '';

  meta = {
    inherit (cargo.package) description;
    license = lib.licenses.mit;
    mainProgram = "sops-inlay";
    platforms = lib.platforms.linux;
  };
}
