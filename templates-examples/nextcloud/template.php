<?php
$CONFIG = [
  'secret' => '<SOPS:1dd37eacefff004d00d25106ecc525d3961d370ee26fd32d869a6f91337ec077:PLACEHOLDER>',
  'dbhost' => 'db.example.org',
  'dbpassword' => <<<'END_OF_PASSWORD'
<SOPS:50d920c500de8add51049106057284ca912c5c1f694a299535a0ced6d32c7440:PLACEHOLDER>
END_OF_PASSWORD,
  'mail_smtphost' => 'mail.example.org',
  'mail_smtpname' => 'cloud@example.org',
  'mail_smtppassword' => <<<'END_OF_PASSWORD'
<SOPS:7dfbbbfc3f01344f375fa10405c929a2c9ff41fdb629ad246039d79b31e80603:PLACEHOLDER>
END_OF_PASSWORD,
  'objectstore' => [
    'class' => '\\OC\\Files\\ObjectStore\\S3',
    'arguments' => [
      'bucket' => 'nextcloud',
      'hostname' => 's3.example.org',
      'key' => 'nextcloud',
      'secret' => '<SOPS:6cba40dc081709705c1e607604de4bb8595568e256ac25b53009f006ac471cbf:PLACEHOLDER>',
    ],
  ],
];
