check "the service found its EnvironmentFile" 'systemctl is-active -q app.service'
check "the installer ran" 'systemctl is-active -q sops-install-secrets.service'
