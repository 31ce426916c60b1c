# The last secret goes where they lay in a tmpfs.
{
  imports = [ ./emptied-script.nix ];
  sops.useTmpfs = true;
}
