//! X-Wing, the key encapsulation behind `age1pq` keys: ML-KEM-768 and X25519 together (KEM id 0x647a).
//!
//! The age crate does not have it yet. What is here is the gluing of draft-connolly-cfrg-xwing-kem; the two
//! algorithms, the hash and HPKE around it come from crates. Only decryption: encryption is for sops and age.

use hpke::generic_array::typenum::{Sum, U32, U64, U192, U1024, Unsigned};
use hpke::kem::SharedSecret;
use hpke::rand_core::{CryptoRng, RngCore};
use hpke::{Deserializable, HpkeError, Serializable};
use ml_kem::kem::Decapsulate;
use ml_kem::{Ciphertext, EncodedSizeUser, KemCore, MlKem768};
use sha3::digest::{ExtendableOutput, XofReader};
use sha3::{Digest, Sha3_256, Shake256};
use x25519_dalek::{PublicKey as X25519Public, StaticSecret};
use zeroize::Zeroizing;

/// `\.//^\`, the drawing of an X-wing that ends every key derivation.
const LABEL: &[u8] = br"\.//^\";
/// Length of an ML-KEM-768 encapsulation key, in bytes.
const MLKEM_PUBLIC_BYTES: usize = 1184;
/// Length of an ML-KEM-768 ciphertext, in bytes.
const MLKEM_CIPHERTEXT_BYTES: usize = 1088;

/// The KEM itself, for `hpke`.
pub(super) struct XWing;

/// The 32-byte seed, from which both halves are made when they are needed.
#[derive(Clone)]
pub(super) struct PrivateKey(Zeroizing<[u8; 32]>);

/// Both public halves: ML-KEM's, then X25519's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PublicKey(Box<[u8; MLKEM_PUBLIC_BYTES + 32]>);

/// An encapsulated secret: ML-KEM's ciphertext, then the ephemeral X25519 key.
#[derive(Clone)]
pub(super) struct EncappedKey(Box<[u8; MLKEM_CIPHERTEXT_BYTES + 32]>);

/// Both private halves, made from the seed.
struct Expanded {
    mlkem: <MlKem768 as KemCore>::DecapsulationKey,
    mlkem_public: <MlKem768 as KemCore>::EncapsulationKey,
    x25519: StaticSecret,
}

impl PrivateKey {
    fn expand(&self) -> Expanded {
        let mut shake = Shake256::default();
        sha3::digest::Update::update(&mut shake, self.0.as_slice());
        let mut stream = shake.finalize_xof();
        let mut next = || {
            let mut part = Zeroizing::new([0; 32]);
            stream.read(part.as_mut_slice());
            part
        };
        let (d, z, x) = (next(), next(), next());
        let (mlkem, mlkem_public) = MlKem768::generate_deterministic(&(*d).into(), &(*z).into());
        Expanded { mlkem, mlkem_public, x25519: StaticSecret::from(*x) }
    }
}

impl hpke::Kem for XWing {
    type PublicKey = PublicKey;
    type PrivateKey = PrivateKey;
    type EncappedKey = EncappedKey;
    type NSecret = U32;
    const KEM_ID: u16 = 0x647a;

    fn sk_to_pk(sk: &PrivateKey) -> PublicKey {
        let expanded = sk.expand();
        let mut bytes = Box::new([0; MLKEM_PUBLIC_BYTES + 32]);
        let (mlkem, x25519) = bytes.split_at_mut(MLKEM_PUBLIC_BYTES);
        mlkem.copy_from_slice(&expanded.mlkem_public.as_bytes());
        x25519.copy_from_slice(X25519Public::from(&expanded.x25519).as_bytes());
        PublicKey(bytes)
    }

    fn decap(
        sk: &PrivateKey,
        sender: Option<&PublicKey>,
        encapped: &EncappedKey,
    ) -> Result<SharedSecret<Self>, HpkeError> {
        if sender.is_some() {
            return Err(HpkeError::DecapError); // X-Wing has no authenticated mode
        }
        let expanded = sk.expand();
        let (mlkem, ephemeral) = encapped.0.split_at(MLKEM_CIPHERTEXT_BYTES);
        let ciphertext = Ciphertext::<MlKem768>::try_from(mlkem).map_err(|_| HpkeError::DecapError)?;
        let ephemeral = <[u8; 32]>::try_from(ephemeral).map_err(|_| HpkeError::DecapError)?;
        let mlkem_secret = expanded.mlkem.decapsulate(&ciphertext).map_err(|()| HpkeError::DecapError)?;
        let x25519_secret = expanded.x25519.diffie_hellman(&X25519Public::from(ephemeral));
        // Go's X25519 refuses a point of low order; a reader that accepts it would be alone.
        if !x25519_secret.was_contributory() {
            return Err(HpkeError::DecapError);
        }
        let mut hash = Sha3_256::new();
        hash.update(mlkem_secret);
        hash.update(x25519_secret.as_bytes());
        hash.update(ephemeral);
        hash.update(X25519Public::from(&expanded.x25519).as_bytes());
        hash.update(LABEL);
        Ok(SharedSecret(hash.finalize()))
    }

    /// Never called: keys come from key files.
    fn derive_keypair(ikm: &[u8]) -> (PrivateKey, PublicKey) {
        let sk = PrivateKey(Zeroizing::new(Sha3_256::digest(ikm).into()));
        let pk = Self::sk_to_pk(&sk);
        (sk, pk)
    }

    fn encap<R: CryptoRng + RngCore>(
        _: &PublicKey,
        _: Option<(&PrivateKey, &PublicKey)>,
        _: &mut R,
    ) -> Result<(SharedSecret<Self>, EncappedKey), HpkeError> {
        Err(HpkeError::EncapError) // this program only decrypts
    }
}

/// `from_bytes` for a newtype over a byte array.
fn array<const N: usize>(bytes: &[u8]) -> Result<Box<[u8; N]>, HpkeError> {
    let exact = <[u8; N]>::try_from(bytes).map_err(|_| HpkeError::IncorrectInputLength(N, bytes.len()))?;
    Ok(Box::new(exact))
}

impl Deserializable for PrivateKey {
    fn from_bytes(bytes: &[u8]) -> Result<Self, HpkeError> {
        let seed = bytes.try_into().map_err(|_| HpkeError::IncorrectInputLength(U32::USIZE, bytes.len()))?;
        Ok(Self(Zeroizing::new(seed)))
    }
}

impl Serializable for PrivateKey {
    type OutputSize = U32;

    fn write_exact(&self, buf: &mut [u8]) {
        buf.copy_from_slice(self.0.as_slice());
    }
}

impl PartialEq for PrivateKey {
    fn eq(&self, other: &Self) -> bool {
        subtle::ConstantTimeEq::ct_eq(self.0.as_slice(), other.0.as_slice()).into()
    }
}
impl Eq for PrivateKey {}

impl Deserializable for PublicKey {
    fn from_bytes(bytes: &[u8]) -> Result<Self, HpkeError> {
        array(bytes).map(Self)
    }
}

impl Serializable for PublicKey {
    type OutputSize = Sum<U1024, U192>;

    fn write_exact(&self, buf: &mut [u8]) {
        buf.copy_from_slice(self.0.as_slice());
    }
}

impl Deserializable for EncappedKey {
    fn from_bytes(bytes: &[u8]) -> Result<Self, HpkeError> {
        array(bytes).map(Self)
    }
}

impl Serializable for EncappedKey {
    type OutputSize = Sum<U1024, Sum<U64, U32>>;

    fn write_exact(&self, buf: &mut [u8]) {
        buf.copy_from_slice(self.0.as_slice());
    }
}
