# sops-nix and agenix have a launchd agent for macOS; the program here is built for Linux alone.
{ pkgs }:
family: {
  assertion = pkgs.stdenv.hostPlatform.isLinux;
  message = "${family}.*: sops-inlay is for Linux alone; on macOS keep the module of ${
    {
      sops = "sops-nix";
      age = "agenix";
    }
    .${family}
  }";
}
