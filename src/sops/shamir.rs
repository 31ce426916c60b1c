//! Putting a data key back together from the shares of its key groups (sops-format.md section 5.2).
//!
//! Vault's scheme, which sops copied: every byte of the secret is the constant term of its own polynomial over
//! GF(2^8) with the AES modulus 0x11b; a share is the values at one x, followed by that x.

use crate::secret::{SecretBuf, SecretBytes};

/// Why shares do not combine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ShamirError {
    /// Fewer than two shares.
    #[error("at least two key groups must be opened, {0} was")]
    TooFew(usize),
    /// A share without a value byte, or two shares of different lengths.
    #[error("the key groups hold shares of different lengths, so they do not belong together")]
    Lengths,
    /// Two shares with the same x, or the x that is reserved for the secret.
    #[error("two key groups hold the same share, so they do not belong together")]
    SameShare,
}

/// The secret behind `shares`; wrong or too few shares of the right shape give a wrong secret, not an error.
pub fn combine(shares: &[SecretBytes]) -> Result<SecretBytes, ShamirError> {
    let [first, _, ..] = shares else { return Err(ShamirError::TooFew(shares.len())) };
    let values = first.len().saturating_sub(1);
    if values == 0 || shares.iter().any(|share| share.len() != first.len()) {
        return Err(ShamirError::Lengths);
    }
    let xs: Vec<u8> = shares.iter().filter_map(|share| share.expose().last().copied()).collect();
    if xs.iter().enumerate().any(|(i, x)| *x == 0 || xs.iter().take(i).any(|earlier| earlier == x)) {
        return Err(ShamirError::SameShare);
    }
    let weights: Vec<u8> = (0..xs.len()).map(|i| weight_at_zero(&xs, i)).collect();
    let mut secret = SecretBuf::with_capacity(values);
    for position in 0..values {
        // In range: every share has `values` bytes and its x.
        let terms = shares.iter().zip(&weights);
        let byte = terms.fold(0, |sum, (share, weight)| sum ^ multiply(share.expose()[position], *weight));
        secret.push_byte(byte);
    }
    Ok(secret.finish())
}

/// The Lagrange weight of share `i` at x = 0: the product of x_j / (x_j - x_i) over the other shares.
fn weight_at_zero(xs: &[u8], i: usize) -> u8 {
    let own = xs[i];
    let others = xs.iter().enumerate().filter(|(j, _)| *j != i);
    others.fold(1, |product, (_, x)| multiply(product, multiply(*x, inverse(x ^ own))))
}

/// Multiplication in GF(2^8) modulo x^8+x^4+x^3+x+1.
fn multiply(mut a: u8, mut b: u8) -> u8 {
    let mut product = 0;
    while b != 0 {
        if b & 1 == 1 {
            product ^= a;
        }
        let carry = a & 0x80 != 0;
        a <<= 1;
        if carry {
            a ^= 0x1b;
        }
        b >>= 1;
    }
    product
}

/// The inverse of `a`: a^254, since the 255 non-zero elements form a group. 0 gives 0.
fn inverse(a: u8) -> u8 {
    (0..253).fold(a, |power, _| multiply(power, a))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(hex: &str) -> SecretBytes {
        let bytes = (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap());
        SecretBytes::new(bytes.collect())
    }

    /// The vectors of sops-format.md section 11: the secret is the bytes 0 to 31, the threshold 2.
    fn shares() -> [SecretBytes; 3] {
        [
            share("030b131b1b232b33334b435b5b536b63636b939b9b838bb3b3aba3dbdbd3cbc301"),
            share("061520333a495c6f7e8d98aba2b1c4d7f6e50b181122374455667380899aafbc02"),
            share("051f312b256f715b45cfd1fbf5efa1bb859f8a909eb4aae0fed4ca404e547a6003"),
        ]
    }

    #[test]
    fn the_field_is_the_one_of_aes() {
        assert_eq!(multiply(0x57, 0x83), 0xc1);
        assert_eq!(inverse(0x53), 0xca);
        assert!((1..=255).all(|a| multiply(a, inverse(a)) == 1));
    }

    #[test]
    fn any_two_of_three_shares_and_all_three_give_the_secret() {
        let secret: Vec<u8> = (0..32).collect();
        for pick in [[0, 1].as_slice(), &[0, 2], &[1, 2], &[2, 0], &[0, 1, 2]] {
            let picked: Vec<_> = pick.iter().map(|i| SecretBytes::copy_of(shares()[*i].expose())).collect();
            assert_eq!(combine(&picked).unwrap().expose(), secret, "{pick:?}");
        }
    }

    #[test]
    fn shares_that_cannot_belong_together_are_refused() {
        let combine = |hex: &[&str]| combine(&hex.iter().map(|h| share(h)).collect::<Vec<_>>()).unwrap_err();
        assert_eq!(combine(&[]), ShamirError::TooFew(0));
        assert_eq!(combine(&["aa01"]), ShamirError::TooFew(1));
        assert_eq!(combine(&["aa01", "aabb02"]), ShamirError::Lengths);
        assert_eq!(combine(&["01", "02"]), ShamirError::Lengths);
        assert_eq!(combine(&["", ""]), ShamirError::Lengths);
        assert_eq!(combine(&["aa01", "bb01"]), ShamirError::SameShare);
        assert_eq!(combine(&["aa00", "bb01"]), ShamirError::SameShare);
    }
}
