# One path for what is needed for users and for what is not.
# assertion: sops: /etc/app/x is the path of something that is neededForUsers, and of something that is not
{
  imports = [ ../base.nix ];
  sops.secrets.token.path = "/etc/app/x";
  sops.secrets.alice_password = {
    neededForUsers = true;
    paths = [ "/etc/app/x" ];
  };
}
