//! The traps of the sops format, each held by a test that is named after its number in our description of the format.
//!
//! Files are crafted byte by byte with a known data key, opened by `sops-inlay decrypt` and, where it is installed, by
//! the real sops, which must agree unless the test says that it errs.
//!
//! Numbers that concern writing and so have no test here: 26 (`created_at` and `lastmodified` on rotate and
//! updatekeys), 27 (nonces kept while editing), 29 (which `.sops.yaml` counts when encrypting), 30 (flags before a
//! subcommand), 37 (what a MAC must cover when converting between formats).

mod support;

use std::fs;
use std::process::Output;
use support::crafted::{Stanza, mac_hex, seal, seed, text, token, token_with, wrapped};
use support::{bare, in_ci, inlay, key, recipient, told, tool};

/// What the real sops makes of a crafted file.
#[derive(Clone, Copy, PartialEq)]
enum Sops {
    /// The same.
    Agrees,
    /// Something else, for a reason given at the call.
    Errs,
}
use Sops::{Agrees, Errs};

/// Runs both programs on a file; the second only where there is one.
fn both(suffix: &str, file: &[u8]) -> (Output, Option<Output>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("file.{suffix}"));
    fs::write(&path, file).unwrap();
    let run = |mut command: std::process::Command| {
        command.arg("decrypt").arg(&path).env("SOPS_AGE_KEY_FILE", key("age-test.txt")).output().unwrap()
    };
    let sops = tool("SOPS_BIN", "sops");
    assert!(sops.is_some() || !in_ci(), "sops is needed: put it on PATH or name it in SOPS_BIN");
    (run(inlay([""; 0])), sops.map(|sops| run(bare(sops))))
}

/// The file decrypts to `plain`.
fn reads(suffix: &str, file: impl AsRef<[u8]>, plain: impl AsRef<[u8]>, sops: Sops) {
    let (file, plain) = (file.as_ref(), plain.as_ref());
    let shown = String::from_utf8_lossy(file);
    let (ours, theirs) = both(suffix, file);
    assert_eq!(String::from_utf8_lossy(&ours.stdout), String::from_utf8_lossy(plain), "{}\n{shown}", told(&ours));
    assert_eq!((ours.status.code(), ours.stdout.as_slice()), (Some(0), plain), "{}", told(&ours));
    if let Some(theirs) = theirs {
        let agrees = theirs.status.success() && theirs.stdout == plain;
        assert_eq!(agrees, sops == Agrees, "sops: {}\n{shown}", told(&theirs));
    }
}

/// The file is refused with this exit code, and a message that holds all of `says`; nothing is printed of it.
fn fails(suffix: &str, file: impl AsRef<[u8]>, code: i32, says: &[&str], sops: Sops) {
    let (file, shown) = (file.as_ref(), String::from_utf8_lossy(file.as_ref()).into_owned());
    let (ours, theirs) = both(suffix, file);
    let message = String::from_utf8_lossy(&ours.stderr).into_owned();
    assert_eq!((ours.status.code(), ours.stdout.as_slice()), (Some(code), &b""[..]), "{}\n{shown}", told(&ours));
    for part in says.iter().chain(&["error: ", "file."]) {
        assert!(message.contains(part), "{part:?} is not in\n{message}");
    }
    if let Some(theirs) = theirs {
        let same: &[i32] = match code {
            1 => &[1, 4],
            3 => &[128],
            _ => &[25, 51],
        };
        let agrees = theirs.status.code().is_some_and(|code| same.contains(&code));
        assert_eq!(agrees, sops == Agrees, "sops: {}\n{shown}", told(&theirs));
    }
}

/// A YAML file with this body and a MAC over `hashed`.
fn yaml(body: &str, hashed: impl AsRef<[u8]>) -> String {
    format!("{body}{}", Stanza::new(hashed).yaml())
}

fn json(body: &str, hashed: impl AsRef<[u8]>) -> String {
    format!("{{{body}, {}}}", Stanza::new(hashed).json())
}

fn dotenv(body: &str, hashed: impl AsRef<[u8]>) -> String {
    format!("{body}{}", Stanza::new(hashed).dotenv())
}

fn ini(body: &str, hashed: impl AsRef<[u8]>) -> String {
    format!("{body}{}", Stanza::new(hashed).ini())
}

#[test]
fn trap_01_an_encrypted_comment_in_a_list_is_a_comment_again_and_not_hashed() {
    let items = [text("a", "l:"), token("c", "l:", "comment"), text("b", "l:")];
    let body = items.iter().fold("l:\n".to_owned(), |body, item| format!("{body}    - {item}\n"));
    // 3.13.2 hashes the comment, and so refuses what every other release reads.
    reads("yaml", yaml(&body, "ab"), "l:\n    - a\n    #c\n    - b\n", Errs);
    fails("yaml", yaml(&body, "acb"), 4, &["MAC"], Errs);
}

#[test]
fn trap_02_nonces_of_32_16_and_12_bytes_decrypt() {
    for length in [32, 16, 12] {
        let nonce: Vec<u8> = (0..length).collect();
        let token = token_with(&nonce, b"x", "a:", "str");
        reads("yaml", yaml(&format!("a: {token}\n"), "x"), "a: x\n", Agrees);
    }
}

#[test]
fn trap_03_paths_have_no_list_positions_so_the_mac_alone_sees_a_swap() {
    let (one, two, deep) = (text("1", "l:"), text("2", "l:"), text("3", "l:k:"));
    let body = |a, b| format!("l:\n    - - {a}\n      - - {b}\n    - k: {deep}\n");
    reads("yaml", yaml(&body(&one, &two), "123"), "l:\n    - - \"1\"\n      - - \"2\"\n    - k: \"3\"\n", Agrees);
    fails("yaml", yaml(&body(&two, &one), "123"), 4, &["MAC does not match"], Agrees);
    let (a, b) = (text("1", "a:"), text("2", "b:"));
    let swapped = yaml(&format!("a: {b}\nb: {a}\n"), "12");
    fails("yaml", swapped, 4, &["key 'a'", "key 'b'", "does not authenticate"], Agrees);
    let comment = token(" c", ":", "comment");
    reads("yaml", yaml(&format!("#{comment}\na: {a}\n"), "1"), "# c\na: \"1\"\n", Agrees);
}

#[test]
fn trap_04_lastmodified_is_written_anew_before_it_authenticates_the_mac() {
    let body = format!("a: {}\n", text("x", "a:"));
    for (time, aad) in [
        ("2026-01-02T03:04:05+00:00", "2026-01-02T03:04:05Z"),
        ("2026-01-02T03:04:05.5Z", "2026-01-02T03:04:05Z"),
        ("2026-01-02T03:04:05+02:00", "2026-01-02T03:04:05+02:00"),
    ] {
        let mut stanza = Stanza::new("x").modified(time);
        stanza.mac = Some(text(&mac_hex(b"x"), aad));
        reads("yaml", body.clone() + &stanza.yaml(), "a: x\n", Agrees);
    }
    let later = Stanza::new("x").modified("2026-01-02T03:04:06Z");
    fails("yaml", body.clone() + &later.yaml(), 4, &["lastmodified"], Agrees);
    for time in ["", "yesterday"] {
        fails("yaml", body.clone() + &Stanza::new("x").modified(time).yaml(), 1, &["lastmodified"], Agrees);
    }
}

/// Plaintext of a float token, and how each format prints it: YAML, JSON, dotenv and INI.
const FLOATS: &[(&str, &str, &str, &str)] = &[
    ("1", "1", "1", "1.0"),
    ("1000000000000000000000", "1e+21", "1e+21", "1E+21"),
    ("0.0000001", "1e-07", "1e-7", "1E-07"),
    ("1234567.5", "1.2345675e+06", "1234567.5", "1.2345675E+06"),
    ("-0", "-0", "-0", "-0.0"),
    ("0.1", "0.1", "0.1", "0.1"),
    ("999999.5", "999999.5", "999999.5", "999999.5"),
];

#[test]
fn trap_05_floats_are_hashed_in_full_and_printed_as_each_format_does() {
    for (plain, in_yaml, in_json, in_lines) in FLOATS {
        let a = token(plain, "a:", "float");
        reads("yaml", yaml(&format!("a: {a}\n"), plain), format!("a: {in_yaml}\n"), Agrees);
        reads("json", json(&format!("\"a\": \"{a}\""), plain), format!("{{\n\t\"a\": {in_json}\n}}\n"), Agrees);
        reads("env", dotenv(&format!("a={a}\n"), plain), format!("a={in_lines}\n"), Agrees);
        let in_section = token(plain, "s:a:", "float");
        reads("ini", ini(&format!("[s]\na = {in_section}\n"), plain), format!("[s]\na = {in_lines}\n"), Agrees);
    }
    let smallest = format!("0.{}5", "0".repeat(323));
    let a = token(&smallest, "a:", "float");
    reads("yaml", yaml(&format!("a: {a}\n"), &smallest), "a: 5e-324\n", Agrees);
    let endless = token("+Inf", "a:", "float");
    reads("yaml", yaml(&format!("a: {endless}\n"), "+Inf"), "a: .inf\n", Agrees);
    fails("json", json(&format!("\"a\": \"{endless}\""), "+Inf"), 1, &["cannot be written"], Agrees);
}

#[test]
fn trap_06_json_integers_are_read_as_new_and_as_old_releases_read_them() {
    let two = token("2", "a:", "float");
    reads("json", json(&format!("\"a\": \"{two}\""), "2"), "{\n\t\"a\": 2\n}\n", Agrees);
    let clear = "\"n_unencrypted\": 9007199254740993";
    reads("json", json(clear, "9007199254740993"), "{\n\t\"n_unencrypted\": 9007199254740993\n}\n", Agrees);
    // Files of releases up to 3.13.1, which read every number as a float; 3.13.2 refuses them.
    reads("json", json(clear, "9007199254740992"), "{\n\t\"n_unencrypted\": 9007199254740992\n}\n", Errs);
}

#[test]
fn trap_07_a_bool_is_hashed_with_a_capital_where_the_format_has_bools() {
    reads("yaml", yaml("x_unencrypted: true\n", "True"), "x_unencrypted: true\n", Agrees);
    fails("yaml", yaml("x_unencrypted: true\n", "true"), 4, &["MAC"], Agrees);
    reads("env", dotenv("x_unencrypted=true\n", "true"), "x_unencrypted=true\n", Agrees);
    fails("env", dotenv("x_unencrypted=true\n", "True"), 4, &["MAC"], Agrees);
    for (plain, printed) in [("True", "true"), ("t", "true"), ("1", "true"), ("False", "false"), ("FALSE", "false")] {
        let hashed = if printed == "true" { "True" } else { "False" };
        let file = yaml(&format!("a: {}\n", token(plain, "a:", "bool")), hashed);
        reads("yaml", file, format!("a: {printed}\n"), Agrees);
    }
    fails("yaml", yaml(&format!("a: {}\n", token("yes", "a:", "bool")), "True"), 4, &["key 'a'", "type"], Agrees);
}

#[test]
fn trap_08_base64_may_have_stray_bits_and_line_ends_but_must_be_padded() {
    let nonce: Vec<u8> = (32..64).collect();
    let (data, tag) = seal(&nonce, b"x", "a:");
    use base64::Engine;
    let [data, iv, tag] = [&data, &nonce, &tag].map(|part| base64::engine::general_purpose::STANDARD.encode(part));
    let token = |data: &str| format!("ENC[AES256_GCM,data:{data},iv:{iv},tag:{tag},type:str]");
    // One byte of data: two digits, of which the second has four bits to spare, all zero in what is well-formed.
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let second = digits.iter().position(|digit| *digit == data.as_bytes()[1]).unwrap();
    let stray = format!("{}{}==", &data[..1], digits[second + 1] as char);
    assert_ne!(stray, data);
    for written in [&data, &stray] {
        reads("yaml", yaml(&format!("a: {}\n", token(written)), "x"), "a: x\n", Agrees);
    }
    let broken = token(&format!("{}\\r{}", &data[..2], &data[2..]));
    reads("yaml", yaml(&format!("a: \"{broken}\"\n"), "x"), "a: x\n", Agrees);
    let unpadded = yaml(&format!("a: {}\n", token(data.trim_end_matches('='))), "x");
    fails("yaml", unpadded, 4, &["key 'a'", "malformed"], Agrees);
}

#[test]
fn trap_09_a_token_starts_the_value_and_the_last_bracket_ends_its_type() {
    let token = text("x", "a:");
    for after in [" junk", "\\n]"] {
        reads("yaml", yaml(&format!("a: \"{token}{after}\"\n"), "x"), "a: x\n", Agrees);
    }
    fails("yaml", yaml(&format!("a: \"{token} x]\"\n"), "x"), 4, &["key 'a'", "malformed"], Agrees);
    fails("yaml", yaml(&format!("a: \" {token}\"\n"), "x"), 4, &["key 'a'", "should be encrypted"], Agrees);
}

#[test]
fn trap_10_the_empty_text_and_null_are_never_encrypted_and_only_the_mac_misses_a_value() {
    let plain = "a: \"\"\nb: null\nc: {}\nd: []\n";
    reads("yaml", yaml(plain, ""), plain, Agrees);
    fails("yaml", yaml("a: \"\"\n", "was there"), 4, &["MAC does not match"], Agrees);
}

#[test]
fn trap_11_without_a_rule_the_suffix_unencrypted_on_any_key_above_leaves_in_clear() {
    reads("yaml", yaml("a_unencrypted:\n    b: x\n", "x"), "a_unencrypted:\n    b: x\n", Agrees);
    reads("ini", ini("[s_unencrypted]\na = x\n", "x"), "[s_unencrypted]\na = x\n", Agrees);
    fails("yaml", yaml("a_unencrypted_not: x\n", "x"), 4, &["should be encrypted"], Agrees);
    let stanza = Stanza::new("x").with("encrypted_regex", "^s$").yaml();
    let body = format!("s:\n    deep:\n        - {}\nother: z\n", text("x", "s:deep:"));
    let stanza_of_both = Stanza::new("xz").with("encrypted_regex", "^s$").yaml();
    fails("yaml", body.clone() + &stanza, 4, &["MAC"], Agrees);
    reads("yaml", body + &stanza_of_both, "s:\n    deep:\n        - x\nother: z\n", Agrees);
    let two = Stanza::new("").with("encrypted_regex", "x").with("unencrypted_suffix", "y").yaml();
    fails("yaml", "a: \"\"\n".to_owned() + &two, 1, &["more than one of"], Agrees);
}

#[test]
fn trap_12_unquoted_times_are_times_in_values_and_text_in_metadata() {
    let long = "a_unencrypted: 2024-01-02T00:00:00Z\n";
    reads("yaml", yaml("a_unencrypted: 2024-01-02\n", "2024-01-02T00:00:00Z"), long, Agrees);
    let token = token("2024-01-02T03:04:05.12Z", "a:", "time");
    reads("yaml", yaml(&format!("a: {token}\n"), "2024-01-02T03:04:05.12Z"), "a: 2024-01-02T03:04:05.12Z\n", Agrees);
    let bare =
        yaml(&format!("a: {}\n", text("x", "a:")), "x").replace("\"2026-01-02T03:04:05Z\"", "2026-01-02T03:04:05Z");
    // 3.13 refuses what the releases before it read.
    reads("yaml", bare, "a: x\n", Errs);
}

/// A clear YAML scalar, what is hashed of it, and how it is printed.
const SCALARS: &[(&str, &str, &str)] = &[
    ("yes", "yes", "\"yes\""),
    ("off", "off", "\"off\""),
    ("True", "True", "true"),
    ("~", "", "null"),
    ("0777", "511", "511"),
    ("0o17", "15", "15"),
    ("0x1F", "31", "31"),
    ("0b11", "3", "3"),
    ("1_000", "1000", "1000"),
    ("08", "8", "8"),
    ("+12", "12", "12"),
    ("1.0", "1", "1"),
    (".5", "0.5", "0.5"),
    ("1e3", "1000", "1000"),
    ("1e999", "1e999", "1e999"),
    ("9223372036854775808", "", ""),
    ("123456789012345678901234567890", "123456789012345680000000000000", "1.2345678901234568e+29"),
    ("1:30", "1:30", "\"1:30\""),
    ("2024-1-2", "2024-01-02T00:00:00Z", "2024-01-02T00:00:00Z"),
    ("2024-01-02 03:04:05 +1", "2024-01-02 03:04:05 +1", "2024-01-02 03:04:05 +1"),
    ("!!str 12", "12", "\"12\""),
    ("!!binary aGk=", "hi", "hi"),
    ("!other x", "x", "x"),
    ("'12'", "12", "\"12\""),
];

#[test]
fn trap_13_clear_scalars_have_the_types_of_go_yaml() {
    for (written, hashed, printed) in
        SCALARS.iter().filter(|(_, hashed, printed)| !(hashed.is_empty() && printed.is_empty()))
    {
        let file = yaml(&format!("a_unencrypted: {written}\n"), hashed);
        reads("yaml", file, format!("a_unencrypted: {printed}\n"), Agrees);
    }
    let merge = "a_unencrypted:\n    !!merge <<:\n        b: x\n";
    reads("yaml", yaml(merge, "x"), merge, Agrees);
}

#[test]
fn trap_14_a_merge_key_stays_a_key_and_aliases_are_copied() {
    let body = format!("a:\n    !!merge <<:\n        b: {}\n", text("x", "a:<<:b:"));
    reads("yaml", yaml(&body, "x"), "a:\n    !!merge <<:\n        b: x\n", Agrees);
    let aliased = "a_unencrypted: &a\n    b: x\nc_unencrypted: *a\n";
    let copied = "a_unencrypted:\n    b: x\nc_unencrypted:\n    b: x\n";
    reads("yaml", yaml(aliased, "xx"), copied, Agrees);
}

#[test]
fn trap_15_a_key_that_stands_twice_is_kept_in_json_and_in_later_yaml_documents() {
    let (one, two) = (text("1", "a:"), text("2", "a:"));
    let twice = json(&format!("\"a\": \"{one}\", \"a\": \"{two}\""), "12");
    reads("json", twice, "{\n\t\"a\": \"1\",\n\t\"a\": \"2\"\n}\n", Agrees);
    fails("yaml", yaml(&format!("a: {one}\na: {two}\n"), "12"), 1, &["line 2"], Agrees);
    let stanza = Stanza::new("112").yaml();
    let later = format!("a: {one}\n{stanza}---\na: {one}\na: {two}\n{stanza}");
    reads("yaml", later, "a: \"1\"\n---\na: \"1\"\na: \"2\"\n", Agrees);
}

#[test]
fn trap_16_dotenv_quotes_and_trims_nothing_and_knows_one_escape() {
    let (a, b) = (text(" \"q\" ", "a :"), text("x\ny\\t", "export b:"));
    let comment = token(" c", ":", "comment");
    let file = dotenv(&format!("#{comment}\n\na ={a}\nexport b={b}\n # x_unencrypted=1=2\n"), " \"q\" x\ny\\t1=2");
    reads("env", file, "# c\na = \"q\" \nexport b=x\\ny\\t\n # x_unencrypted=1=2\n", Agrees);
}

#[test]
fn trap_17_ini_has_a_default_section_comments_after_keys_and_values_cut_at_a_semicolon() {
    let clear = Stanza::new("012x;y34 z5").with("unencrypted_regex", ".").ini();
    let body = "before = 0\n; of section\n[s]\n; of key\nk = 1\nlonger_key=2 ; inline\nticks = `x;y`\njoin = 3\\\n 4 z\nquoted = \"5\"\n";
    let plain = "before = 0\n\n; of section\n[s]\n; of key\nk          = 1\n; inline\nlonger_key = 2\nticks      = `x;y`\njoin       = 34 z\nquoted     = 5\n";
    reads("ini", format!("{body}{clear}"), plain, Agrees);
    let escaped = ini(&format!("[s]\na = {}\n", text("x", "s:a:")), "x");
    reads("ini", &escaped, "[s]\na = x\n", Agrees);
    // 3.13.0 and 3.13.1 wrote line feeds as they are, between three quotes.
    let raw: String = escaped
        .lines()
        .map(|line| match line.split_once("enc = ") {
            Some((name, value)) => format!("{name}enc = \"\"\"{}\"\"\"\n", value.replace("\\n", "\n")),
            None => format!("{line}\n"),
        })
        .collect();
    reads("ini", &raw, "[s]\na = x\n", Agrees);
    // Releases before 3.13 wrote [sops] in random order.
    let (head, stanza) = escaped.split_once("[sops]\n").unwrap();
    let backwards: Vec<_> = stanza.lines().rev().collect();
    reads("ini", format!("{head}[sops]\n{}\n", backwards.join("\n")), "[s]\na = x\n", Agrees);
}

#[test]
fn trap_18_in_dotenv_and_ini_all_metadata_is_text() {
    let stanza = Stanza::new([seed(), b"x".to_vec()].concat()).with("mac_only_encrypted", "true");
    let body = format!("a={}\nb_unencrypted=changed\n", text("x", "a:"));
    reads("env", body + &stanza.dotenv(), "a=x\nb_unencrypted=changed\n", Agrees);
    let groups = shares(&[1, 2, 3]).with("shamir_threshold", "2");
    reads("env", format!("a={}\n", text("x", "a:")) + &groups.dotenv(), "a=x\n", Agrees);
    let groups = shares(&[1, 2, 3]).with("shamir_threshold", "2");
    reads("ini", format!("[s]\na = {}\n", text("x", "s:a:")) + &groups.ini(), "[s]\na = x\n", Agrees);
    let holes = format!("a={}\n", text("x", "a:")) + &Stanza::new("x").dotenv().replace("__list_0", "__list_1");
    fails("env", holes, 1, &["list 'age'", "0"], Agrees);
}

/// Shares 1, 2 and 3 of the data key, threshold 2.
const SHARES: [&str; 3] = [
    "030b131b1b232b33334b435b5b536b63636b939b9b838bb3b3aba3dbdbd3cbc301",
    "061520333a495c6f7e8d98aba2b1c4d7f6e50b181122374455667380899aafbc02",
    "051f312b256f715b45cfd1fbf5efa1bb859f8a909eb4aae0fed4ca404e547a6003",
];

/// A recipient of whom nobody has the identity.
const STRANGER: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

/// Three groups over the value `x`, of which the test key opens those named.
fn shares(opened: &[usize]) -> Stanza {
    let mut stanza = Stanza::new("x");
    stanza.age.clear();
    for (number, share) in (1..).zip(SHARES) {
        let bytes: Vec<u8> = (0..33).map(|i| u8::from_str_radix(&share[2 * i..2 * i + 2], 16).unwrap()).collect();
        let own = recipient(&key("age-test.txt"));
        let whom = if opened.contains(&number) { own } else { STRANGER.to_owned() };
        stanza
            .groups
            .push(vec![(STRANGER.to_owned(), wrapped(&bytes, STRANGER)), (whom.clone(), wrapped(&bytes, &whom))]);
    }
    stanza
}

#[test]
fn trap_19_flat_lists_win_over_groups_and_empty_lists_count_as_none() {
    let body = format!("a: {}\n", text("x", "a:"));
    let mut stanza = Stanza::new("x").with("shamir_threshold", "2").with("kms", "null").with("pgp", "[]");
    stanza.groups = shares(&[]).groups;
    reads("yaml", body.clone() + &stanza.yaml(), "a: x\n", Agrees);
    let mut nobody = Stanza::new("x").with("kms", "null").with("pgp", "[]");
    nobody.age.clear();
    fails("yaml", body.clone() + &nobody.yaml(), 1, &["names no key"], Agrees);
    // The order of fields before 3.13.
    let text = Stanza::new("x").yaml();
    let (age, rest) = text.strip_prefix("sops:\n").unwrap().split_once("    lastmodified").unwrap();
    reads("yaml", format!("{body}sops:\n    kms: []\n    lastmodified{rest}{age}"), "a: x\n", Agrees);
}

#[test]
fn trap_20_any_two_of_three_groups_open_and_one_does_not() {
    let body = format!("a: {}\n", text("x", "a:"));
    for pair in [[1, 2], [1, 3], [2, 3]] {
        let stanza = shares(&pair).with("shamir_threshold", "2");
        reads("yaml", body.clone() + &stanza.yaml(), "a: x\n", Agrees);
    }
    let file = body.clone() + &shares(&[2]).with("shamir_threshold", "2").yaml();
    fails("yaml", file, 3, &["1 of", "2"], Agrees);
    let without = body + &shares(&[1, 2]).yaml();
    reads("yaml", without, "a: x\n", Agrees);
}

#[test]
fn trap_21_a_missing_mac_is_a_failure() {
    for mac in [None, Some(String::new())] {
        let mut stanza = Stanza::new("x");
        stanza.mac = mac;
        fails("yaml", format!("a: {}\n", text("x", "a:")) + &stanza.yaml(), 4, &["no MAC"], Agrees);
    }
}

#[test]
fn trap_22_under_mac_only_encrypted_the_hash_starts_with_a_seed_and_clear_values_are_free() {
    let stanza = Stanza::new([seed(), b"x".to_vec()].concat()).with("mac_only_encrypted", "true").yaml();
    for clear in ["1", "changed"] {
        let body = format!("a: {}\nb_unencrypted: {clear}\n", text("x", "a:"));
        reads("yaml", body.clone() + &stanza, format!("a: x\nb_unencrypted: {clear}\n"), Agrees);
    }
    let unseeded = Stanza::new("x").with("mac_only_encrypted", "true").yaml();
    fails("yaml", format!("a: {}\n", text("x", "a:")) + &unseeded, 4, &["MAC"], Agrees);
}

#[test]
fn trap_23_a_comment_that_does_not_decrypt_is_clear_and_a_value_is_an_error() {
    let moved = token(" c", "elsewhere:", "comment");
    let body = format!("# clear\na: {}\n#{moved}\n", text("x", "a:"));
    reads("yaml", yaml(&body, "x"), format!("# clear\na: x\n#{moved}\n"), Agrees);
    fails("yaml", yaml("# clear\na: clear\n", "clear"), 4, &["key 'a'", "should be encrypted"], Agrees);
}

#[test]
fn trap_24_and_31_patterns_mean_what_they_mean_to_go_and_a_bad_one_matches_nothing() {
    for (pattern, key, encrypted) in [
        ("\\w", "é", false),
        ("^\\W+$", "é", true),
        ("[a&&b]", "&", true),
        ("[[a]", "[", true),
        ("\\d", "٣", false),
        ("(", "a", false),
        ("a{1001}", "a", false),
        ("\\Qa.b\\E", "a.b", true),
    ] {
        let stanza =
            Stanza::new("x").with("encrypted_regex", Box::leak(format!("'{pattern}'").into_boxed_str())).yaml();
        let value = if encrypted { text("x", &format!("{key}:")) } else { "x".to_owned() };
        let (written, plain) = if key == "&" || key == "[" {
            (format!("'{key}'"), format!("'{key}'"))
        } else {
            (key.to_owned(), key.to_owned())
        };
        reads("yaml", format!("{written}: {value}\n{stanza}"), format!("{plain}: x\n"), Agrees);
    }
}

#[test]
fn trap_25_the_metadata_of_the_first_document_counts_for_all() {
    let (a, b) = (text("1", "a:"), text("2", "a:"));
    let stanza = Stanza::new("12").yaml();
    let other = Stanza::new("other").modified("2020-01-01T00:00:00Z").yaml();
    let plain = "a: \"1\"\n---\na: \"2\"\n";
    reads("yaml", format!("a: {a}\n{stanza}---\na: {b}\n{stanza}"), plain, Agrees);
    reads("yaml", format!("a: {a}\n{stanza}---\na: {b}\n{other}"), plain, Agrees);
    reads("yaml", format!("a: {a}\n{stanza}---\na: {b}\n"), plain, Agrees);
    fails("yaml", format!("a: {a}\n---\na: {b}\n{stanza}"), 1, &["no 'sops' metadata"], Agrees);
    fails("yaml", format!("a: {b}\n{stanza}---\na: {a}\n"), 4, &["MAC does not match"], Agrees);
}

#[test]
fn trap_28_yaml_escapes_what_lies_beyond_the_first_plane_and_json_what_html_minds() {
    let value = text("😀<&>é", "a:");
    reads("yaml", yaml(&format!("a: {value}\n"), "😀<&>é"), "a: \"\\U0001F600<&>é\"\n", Agrees);
    let file = json(&format!("\"a\": \"{value}\""), "😀<&>é");
    reads("json", file, "{\n\t\"a\": \"😀\\u003c\\u0026\\u003eé\"\n}\n", Agrees);
}

#[test]
fn trap_32_crlf_and_a_byte_order_mark_are_harmless_in_some_formats() {
    let a = text("x", "a:");
    let crlf = |text: String| text.replace('\n', "\r\n");
    reads("yaml", crlf(yaml(&format!("a: {a}\n"), "x")), "a: x\n", Agrees);
    reads("json", crlf(json(&format!("\"a\":\n\"{a}\""), "x")), "{\n\t\"a\": \"x\"\n}\n", Agrees);
    fails("env", crlf(dotenv(&format!("a={a}\n"), "x")), 1, &["lastmodified"], Agrees);
    reads("yaml", format!("\u{feff}{}", yaml(&format!("a: {a}\n"), "x")), "a: x\n", Agrees);
    let in_section = text("x", "s:a:");
    reads("ini", format!("\u{feff}{}", ini(&format!("[s]\na = {in_section}\n"), "x")), "[s]\na = x\n", Agrees);
    fails("json", format!("\u{feff}{}", json(&format!("\"a\": \"{a}\""), "x")), 1, &["line 1"], Agrees);
    let marked = text("x", "\u{feff}a:");
    reads("env", format!("\u{feff}{}", dotenv(&format!("a={marked}\n"), "x")), "\u{feff}a=x\n", Agrees);
}

#[test]
fn trap_33_the_version_is_not_asked_for() {
    for version in ["", "abc", "3.10"] {
        let mut stanza = Stanza::new("x");
        stanza.version = version;
        // The command line of sops stops here; its library does not, nor do we.
        reads("yaml", format!("a: {}\n", text("x", "a:")) + &stanza.yaml(), "a: x\n", Errs);
    }
}

#[test]
fn trap_34_bytes_are_a_string_and_an_empty_comment_of_a_list_stays_an_empty_item() {
    // sops panics.
    reads("yaml", yaml(&format!("a: {}\n", token("x", "a:", "bytes")), "x"), "a: x\n", Errs);
    reads("yaml", yaml("l:\n    - \"\"\n", ""), "l:\n    - \"\"\n", Agrees);
    fails("yaml", yaml(&format!("a: {}\n", token("x", "a:", "Str")), "x"), 4, &["key 'a'"], Agrees);
    // One above what a signed 64-bit number holds.
    fails("yaml", yaml(&format!("a: {}\n", token("9223372036854775808", "a:", "int")), ""), 4, &["type"], Agrees);
}

#[test]
fn trap_35_keys_are_not_in_the_mac_but_bind_their_encrypted_value() {
    for name in ["b", "c"] {
        let body = format!("a: {}\n{name}_unencrypted: z\n", text("x", "a:"));
        reads("yaml", yaml(&body, "xz"), format!("a: x\n{name}_unencrypted: z\n"), Agrees);
    }
    fails("yaml", yaml(&format!("b: {}\n", text("x", "a:")), "x"), 4, &["key 'b'", "does not authenticate"], Agrees);
}

#[test]
fn trap_36_in_ini_a_comment_rule_hits_the_key_after_the_one_commented() {
    let stanza = Stanza::new("123").with("encrypted_comment_regex", "enc").ini();
    let body = format!("[s]\n; enc\na = 1\nb = {}\nc = 3\n", text("2", "s:b:"));
    reads("ini", body + &stanza, "[s]\n; enc\na = 1\nb = 2\nc = 3\n", Agrees);
}
