//! The test-only keys and files of `test_keys/`; its README says how they were made.

pub const X25519: &str = include_str!("test_keys/x.txt").trim_ascii_end();
pub const HYBRID: &str = include_str!("test_keys/pq.txt").trim_ascii_end();
pub const ED25519: &str = include_str!("test_keys/ed");
pub const ED25519_PKCS8: &str = include_str!("test_keys/ed_pkcs8");
pub const ED25519_ENCRYPTED: &str = include_str!("test_keys/ed_enc");
pub const ECDSA: &str = include_str!("test_keys/ecdsa");
pub const RSA: &str = include_str!("test_keys/rsa");
pub const RSA_PKCS1: &str = include_str!("test_keys/rsa_pkcs1");
pub const RSA_PKCS8: &str = include_str!("test_keys/rsa_pkcs8");
pub const RSA_PEM_ENCRYPTED: &str = include_str!("test_keys/rsa_pem_enc");

pub const X25519_AGE: &str = include_str!("test_keys/x.age");
pub const HYBRID_AGE: &str = include_str!("test_keys/pq.age");
pub const ED25519_AGE: &str = include_str!("test_keys/ed.age");
pub const ED25519_CONVERTED_AGE: &str = include_str!("test_keys/ed-converted.age");
pub const RSA_AGE: &str = include_str!("test_keys/rsa.age");
pub const SCRYPT_AGE: &str = include_str!("test_keys/scrypt.age");
pub const SHARES: [&str; 3] =
    [include_str!("test_keys/share1.age"), include_str!("test_keys/share2.age"), include_str!("test_keys/share3.age")];

/// The recipient of [`X25519`], as age-keygen prints it.
pub const X25519_PUBLIC: &str = "age18e9fypej3fppdarq85a96duqy3vw6tzpdmadwevfstfqdepv4eaqyvewc6";

/// What all the encrypted files hold: the bytes 0 to 31.
pub fn data_key() -> Vec<u8> {
    (0..32).collect()
}

#[cfg(feature = "pgp")]
pub const RSA_PGP: &str = include_str!("test_keys/rsa.asc");
#[cfg(feature = "pgp")]
pub const RSA_PGP_BY_GPG: &str = include_str!("test_keys/rsa-gpg.asc");
#[cfg(feature = "pgp")]
/// The fingerprint of the OpenPGP form of [`RSA`], as sops-nix's own conversion and gpg print it.
pub const RSA_FINGERPRINT: &str = "0c0f3fb2c3d4c23d473be77a97312730b06dfb0b";
