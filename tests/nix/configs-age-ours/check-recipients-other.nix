# A file for an age key cannot be for a host that has an RSA key.
# build: it is not encrypted to this host
{
  imports = [ ../base-age.nix ];
  age.secrets.one.file = ../files/one.age;
  age.recipients = [
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQCt33rYUcwnzVLJ4vDr5F/MRIJ3FeUQDv4Wz9qeaMgaJQIfBID0rKAtUTYeUrE5+KbvoCRn7ukCFtzifVtDWxBtgIsuLkP8+lKJzBNrUdUG52Bmolkl0+dYONYgYEfFKc4Xx4FcFbSDaPtZFY8rLIoIP/opOfBxSCLDvrr7KyUsmhfp8CJQ4yVIs9lGmaHapiF5kP2l1RAidXtZeBtFXpNPjCdRHo6TwO31NQdJxEWF+Zrc6TZQFQCX4hHL/buA4/N1j+MEXmRX0D1xxw/LvKsOZxqu8LiVGSGXaC/cU1G5q7uakpUh+CITA0gi36PFrZcFP8EHesutp6/jLZsE/m+b15ChkJUrAZ9Swfi+akUmaru8AuTfOTo6WqSsmzKanscxgnpNrNiEF60cDkXBwlFxgjzWIq/l3mmPcme/dWavjVaB66xlV1nGKxCFV5m/dsZdmYvFbMLV/oFn5N/SerbQc5O2RxL+p9xdm1Qp3N1+rxUwwjHnN4lrxmwIfXYCiJE="
  ];
}
