use super::*;

fn salts(byte: u8) -> Salts {
    Box::new(move |salt| {
        salt.fill(byte);
        true
    })
}

const METHODS: [Method; 4] = [Method::Yescrypt, Method::Sha512crypt, Method::Bcrypt, Method::Htpasswd];

/// Made by the system's crypt(3) (libxcrypt 4.4) with these settings; bcrypt's also by Python's bcrypt.
const CRYPT: &[(Method, &str, &str)] = &[
    (Method::Yescrypt, "secret", "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$GmcwIgvdUC9qLWcKCi6gklUa1dM3ziD43YxYNURLKy0"),
    (Method::Yescrypt, "pä$\\\"'x", "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$3Uzn6j2h6szTjeKvAF7Nq0eulnLzJ6AolmtOYzMh308"),
    (
        Method::Yescrypt,
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$V7NjrfWOk5H9Ni7UU/sy2neTvjIH3/NYp6OZFkKvgpC",
    ),
    (
        Method::Sha512crypt,
        "secret",
        "$6$saltsaltsaltsalt$ph0yGsyjzqdeFaon7.gJZo8eAG5/rj9/JdzOu1Rl7dKzBYg3xgvl7T2VQ2Rt81bc5AXkdA54r0p8QvC1omD6R1",
    ),
    (
        Method::Sha512crypt,
        "pä$\\\"'x",
        "$6$saltsaltsaltsalt$7ud6bhUKuR66l5I/ZtPJPlXM7qrAm6KkxFYuajH/.VcUXDz0HVENEYEDLrEF2qVAIiT8.7M/uxUwSSyHsHGFQ.",
    ),
    (
        Method::Sha512crypt,
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "$6$saltsaltsaltsalt$TJEzrzizlZYkocuxTjtTnyfJwC9nnKKjrBBLqRyZMs1D84n1zyWNwXpQLHjGF6l8k.TBQP0Gfb2qZt8glvInu0",
    ),
    (
        Method::Sha512crypt,
        "secret",
        "$6$x$mQUKLCQR1S846TztirS7Ejo4KyTtZWzcyuF2/43jqoJTDZXRb8L.bXBNxX9GCZhKdADbfqEnGZyv89igC73DL/",
    ),
    (
        Method::Sha512crypt,
        "pä$\\\"'x",
        "$6$x$jOnI9KmE4jBV9Rb2xUo8ebJVsio2ONaobud.iqN9bkIwWADwMaQZdFBKEUeTmN78bScaAIPcF5amVgM4DyHfH/",
    ),
    (
        Method::Sha512crypt,
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "$6$x$m7g1C31hZfxLYu5AFyLTSbNPCQmzfZuEJlKzurGX/Y4mUu0ExcPY7W.XO4eBg.fLsCDoJk2jEWCOB/mPj/GZr0",
    ),
    (Method::Bcrypt, "secret", "$2b$10$abcdefghijklmnopqrstuuqflPDzB6gcMhKa1rZqKiun2YGL5sa2u"),
    (Method::Bcrypt, "pä$\\\"'x", "$2b$10$abcdefghijklmnopqrstuubjkoMt3eHCu4A6sl767uxij5yctof4C"),
    (
        Method::Bcrypt,
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "$2b$10$abcdefghijklmnopqrstuuhBb/0dYbuuS1CS8hp30IXhlFBW2VAWG",
    ),
    (Method::Htpasswd, "secret", "$2y$10$CCCCCCCCCCCCCCCCCCCCC.VVp5aqsPmU7zaCQqZwwreor7t89ae/K"),
    (Method::Htpasswd, "pä$\\\"'x", "$2y$10$CCCCCCCCCCCCCCCCCCCCC.rUuP/vpLhKV8mDv6dVbWRP1c9jz8C6a"),
    (
        Method::Htpasswd,
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "$2y$10$CCCCCCCCCCCCCCCCCCCCC.vpPbNdmgEe/r.7xvbdD1nAGTKDIzfPO",
    ),
];

#[test]
fn hashes_are_those_of_crypt() {
    for (method, password, hash) in CRYPT {
        assert!(method.verifies(password.as_bytes(), hash), "{method:?} {password}");
        assert!(!method.verifies(b"another", hash), "{method:?} {password}");
    }
}

#[test]
fn a_hash_of_the_run_before_is_kept_while_it_verifies_and_no_longer() {
    for method in METHODS {
        let first = Hasher::new(None, salts(1)).hash(method, b"secret").unwrap();
        let file = |before: &str, after: &str| SecretBytes::new(format!("{before}{first}{after}").into_bytes());
        let escaped = SecretBytes::new(format!("K=\"{}\"\n", first.replace('$', "\\$")).into_bytes());
        for previous in [file("me:", "\n"), file("KEY=", "\n"), file("{\"hash\":\"", "\"}"), escaped] {
            let hasher = Hasher::new(Some(&previous), salts(2));
            assert_eq!(hasher.hash(method, b"secret").unwrap(), first, "{method:?}");
            let second = hasher.hash(method, b"secret").unwrap();
            assert_ne!(second, first, "{method:?}: equal passwords, equal hashes");
        }
        let other = Hasher::new(Some(&file("", "")), salts(1)).hash(method, b"Secret").unwrap();
        assert!(other != first && method.verifies(b"Secret", &other) && !method.verifies(b"secret", &other));
    }
}

#[test]
fn passwords_that_crypt_cannot_take_are_refused() {
    let hasher = Hasher::new(None, salts(1));
    for method in METHODS {
        for password in [&b""[..], b"a\0b", &[b'x'; 513]] {
            assert!(hasher.hash(method, password).is_err());
        }
        assert!(hasher.hash(method, &[b'x'; 72]).is_ok());
        let bcrypt = matches!(method, Method::Bcrypt | Method::Htpasswd);
        assert_eq!(hasher.hash(method, &[b'x'; 73]).is_err(), bcrypt);
        assert!(Hasher::none().hash(method, b"x").unwrap_err().contains("random"));
    }
}

#[test]
fn hashes_are_found_however_they_are_written() {
    use base64::Engine;
    let hash = "$2y$10$CCCCCCCCCCCCCCCCCCCCC.VVp5aqsPmU7zaCQqZwwreor7t89ae/K";
    let sha =
        "$6$saltsaltsaltsalt$ph0yGsyjzqdeFaon7.gJZo8eAG5/rj9/JdzOu1Rl7dKzBYg3xgvl7T2VQ2Rt81bc5AXkdA54r0p8QvC1omD6R1";
    let yes = "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$GmcwIgvdUC9qLWcKCi6gklUa1dM3ziD43YxYNURLKy0";
    let standard = base64::engine::general_purpose::STANDARD;
    let url_safe = base64::engine::general_purpose::URL_SAFE_NO_PAD;
    for hash in [hash, sha, yes] {
        let hex: String = hash.bytes().map(|byte| format!("{byte:02x}")).collect();
        let files = [
            format!("u:{hash}\n"),
            format!("label=u:{}", hash.replace('$', "$$")),
            format!("data:\n  auth: {}\n", standard.encode(format!("u:{hash}\nv:x\n"))),
            format!("auth={}", url_safe.encode(hash)),
            hash.replace('$', "%24").replace('/', "%2F"),
            format!("x=\"{hex}\""),
            format!("${hash}"),
            format!("{hash}abc{hash}"),
            hash.replace('$', "\\$"),
        ];
        for file in files {
            assert_eq!(find::hashes(file.as_bytes()), [hash], "{file}");
        }
    }
    assert_eq!(find::hashes(format!("a{hash}b{sha}c{yes}d").as_bytes()), [hash, sha, yes]);
    assert!(find::hashes(b"$6$x $y$j9T$a$b $2y$10$").is_empty());
}
