//! The hashes themselves, in the notation of crypt(5).

use base64::Engine;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};
use subtle::ConstantTimeEq;

/// bcrypt's base64.
const BCRYPT: GeneralPurpose = GeneralPurpose::new(&alphabet::BCRYPT, NO_PAD);

/// The digits of crypt's own base64.
const DIGITS: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Rounds of bcrypt, as a power of two; OWASP's least.
const BCRYPT_COST: u32 = 10;

/// How a password is hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// yescrypt with the cost of mkpasswd and NixOS, `$y$j9T$`.
    #[default]
    Yescrypt,
    /// SHA-512 crypt with 5000 rounds, `$6$`.
    Sha512crypt,
    /// bcrypt, `$2b$`.
    Bcrypt,
    /// bcrypt as htpasswd writes it, `$2y$`.
    Htpasswd,
}

impl Method {
    /// The method of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "yescrypt" => Self::Yescrypt,
            "sha512crypt" | "sha512" | "sha-512" => Self::Sha512crypt,
            "bcrypt" => Self::Bcrypt,
            _ => return None,
        })
    }

    /// What its hashes start with.
    pub(super) fn prefix(self) -> &'static str {
        match self {
            Self::Yescrypt => "$y$j9T$",
            Self::Sha512crypt => "$6$",
            Self::Bcrypt => "$2b$10$",
            Self::Htpasswd => "$2y$10$",
        }
    }

    /// Hashes a password that is neither empty nor holds NUL.
    pub(super) fn hash(self, password: &[u8], salt: &[u8; 16]) -> Result<String, &'static str> {
        match self {
            Self::Yescrypt => yescrypt(password, salt),
            Self::Sha512crypt => sha512crypt(password, &digits(&salt[..12])),
            Self::Bcrypt | Self::Htpasswd => bcrypt(self.prefix(), password, *salt),
        }
    }

    /// The hash that a text starts with, judged by its form alone.
    pub(super) fn at_start(self, text: &str) -> Option<&str> {
        const SALT_MAX: usize = 86;
        let rest = text.strip_prefix(self.prefix())?;
        // The salt of bcrypt ends without a `$`.
        let (salt, digits) = match self {
            Self::Yescrypt => (rest.bytes().take(SALT_MAX + 1).position(|byte| byte == b'$')?, 43),
            Self::Sha512crypt => (rest.bytes().take(SALT_MAX + 1).position(|byte| byte == b'$')?, 86),
            Self::Bcrypt | Self::Htpasswd => (0, 53),
        };
        let start = if salt == 0 { 0 } else { salt + 1 };
        let is_digits = |text: &str| text.bytes().all(|byte| DIGITS.contains(&byte));
        let whole = is_digits(rest.get(..salt)?) && is_digits(rest.get(start..start + digits)?);
        text.get(..self.prefix().len() + start + digits).filter(|_| whole)
    }

    /// Whether a hash of this method, with this cost, is that of the password.
    pub(super) fn verifies(self, password: &[u8], hash: &str) -> bool {
        let Some(rest) = hash.strip_prefix(self.prefix()) else { return false };
        let again = match self {
            Self::Yescrypt => rest
                .split_once('$')
                .and_then(|(salt, _)| Some((undigits(salt)?, password)))
                .map(|(salt, password)| yescrypt(password, &salt)),
            Self::Sha512crypt => rest.split_once('$').map(|(salt, _)| sha512crypt(password, salt)),
            Self::Bcrypt | Self::Htpasswd => rest
                .get(..22)
                .and_then(|salt| BCRYPT.decode(salt).ok()?.try_into().ok())
                .map(|salt: [u8; 16]| bcrypt(self.prefix(), password, salt)),
        };
        matches!(again, Some(Ok(again)) if again.as_bytes().ct_eq(hash.as_bytes()).into())
    }
}

fn yescrypt(password: &[u8], salt: &[u8]) -> Result<String, &'static str> {
    const FAILED: &str = "yescrypt failed";
    let params = yescrypt::Params::new(yescrypt::Mode::default(), 4096, 32, 1).map_err(|_| FAILED)?;
    let mut hash = [0; 32];
    yescrypt::yescrypt(password, salt, &params, &mut hash).map_err(|_| FAILED)?;
    Ok(format!("{}{}${}", Method::Yescrypt.prefix(), digits(salt), digits(&hash)))
}

/// The salt is text of at most 16 digits.
fn sha512crypt(password: &[u8], salt: &str) -> Result<String, &'static str> {
    const FAILED: &str = "SHA-512 crypt failed";
    let params = sha_crypt::Sha512Params::new(sha_crypt::ROUNDS_DEFAULT).map_err(|_| FAILED)?;
    let hash = sha_crypt::sha512_crypt_b64(password, salt.as_bytes(), &params).map_err(|_| FAILED)?;
    Ok(format!("$6${salt}${hash}"))
}

fn bcrypt(prefix: &str, password: &[u8], salt: [u8; 16]) -> Result<String, &'static str> {
    const PASSWORD_MAX_BYTES: usize = 72;
    if password.len() > PASSWORD_MAX_BYTES {
        return Err("bcrypt looks at 72 bytes of a password, and this one is longer");
    }
    let mut terminated = zeroize::Zeroizing::new(password.to_vec());
    if password.len() < PASSWORD_MAX_BYTES {
        terminated.push(0);
    }
    let hash = bcrypt::bcrypt(BCRYPT_COST, salt, &terminated);
    Ok(format!("{prefix}{}{}", BCRYPT.encode(salt), BCRYPT.encode(&hash[..23])))
}

/// Bytes as digits, the low six bits of three bytes first.
fn digits(bytes: &[u8]) -> String {
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let mut bits = group.iter().rev().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte));
        for _ in 0..(group.len() * 8).div_ceil(6) {
            out.push(char::from(DIGITS[(bits & 63) as usize]));
            bits >>= 6;
        }
    }
    out
}

/// The bytes that [`digits`] wrote.
fn undigits(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    for group in text.as_bytes().chunks(4) {
        let mut bits = 0u32;
        for digit in group.iter().rev() {
            bits = bits << 6 | u32::try_from(DIGITS.iter().position(|other| other == digit)?).ok()?;
        }
        for _ in 0..group.len() * 6 / 8 {
            out.push((bits & 255) as u8);
            bits >>= 8;
        }
    }
    Some(out)
}
