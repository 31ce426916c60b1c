# Stands for the reader's configuration.
{
  sops.secrets."db/password" = { };
}
