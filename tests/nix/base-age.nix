{
  users.users.app = {
    isSystemUser = true;
    group = "app";
  };
  users.groups.app = { };
  age.identityPaths = [ "/run/age-keys.txt" ];
}
