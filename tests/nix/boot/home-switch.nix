# home-manager: what a switch installs, with links, copies and files in the runtime folder.
{ config, ... }:
{
  home.username = "app";
  home.homeDirectory = "/home/app";
  sops.defaultSopsFile = ../files/secrets.yaml;
  sops.age.keyFile = "/home/app/key.txt";
  sops.secrets.token = {
    path = "/home/app/copy";
    symlink = false;
  };
  sops.secrets.api_key.path = "/home/app/link";
  age.identityPaths = [ "/home/app/age-key.txt" ];
  age.secrets.one = {
    file = ../files/one.age;
    path = "$HOME/one";
  };
}
