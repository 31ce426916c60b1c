<?php
$CONFIG = [
  'secret' => 'example-0pVb1xHq7kSd9mZt3',
  'dbhost' => 'db.example.org',
  'dbpassword' => <<<'END_OF_PASSWORD'
example 'db' "password" \ $x <?php
END_OF_PASSWORD,
  'mail_smtphost' => 'mail.example.org',
  'mail_smtpname' => 'cloud@example.org',
  'mail_smtppassword' => <<<'END_OF_PASSWORD'
example: it's $100 # a month
END_OF_PASSWORD,
  'objectstore' => [
    'class' => '\\OC\\Files\\ObjectStore\\S3',
    'arguments' => [
      'bucket' => 'nextcloud',
      'hostname' => 's3.example.org',
      'key' => 'nextcloud',
      'secret' => 'example/s3+secret==',
    ],
  ],
];
