//! What to say about tokens that stand for no secret: where each is, and which secret was meant.

use super::place::{Excerpt, Place, Places, first_chars};
use super::sanitize::{Keep, sanitized};
use super::scan::Unknown;
use super::tokens::{HASH_LEN, name_hash, standard_token};
use super::variants::{one_edit, other_styles};
use crate::nearest::nearest;
use std::collections::HashMap;
use std::fmt;

/// Most names hashed in search of a slip; at 0.3 us each. Guards time: each name has some 80 slips per character.
const HASHES_MAX: usize = 300_000;

/// The names that a token may have been meant for.
#[derive(Debug, Default)]
pub struct Known<'a> {
    /// Secrets of the manifest.
    pub declared: Vec<&'a str>,
    /// Name and token of secrets that the manifest gives a token but does not install, such as sops-nix's
    /// `neededForUsers` ones.
    pub elsewhere: Vec<(&'a str, &'a str)>,
}

/// Which secret an unknown token was meant for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guess {
    /// A secret of the manifest, which gives it another token.
    OtherToken(String),
    /// A secret that is not among those the manifest installs.
    Elsewhere(String),
    /// The token is that of a misspelt name.
    Misspelt {
        /// The name that was hashed.
        written: String,
        /// The secret's name.
        name: String,
    },
    /// The token itself is misspelt.
    Near(String),
    /// No name comes near.
    Nothing,
}

/// One unknown token, ready to be reported. Templates are not secret, so their text may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownToken {
    /// The template's name.
    pub template: String,
    /// Where the token starts.
    pub place: Place,
    /// The whole token, safe for a terminal.
    pub token: String,
    /// The line it stands in, the token shortened.
    pub excerpt: Excerpt,
    /// What was meant.
    pub guess: Guess,
}

/// Reports every unknown token of `templates` (name, text, and what the scan found), in order.
pub fn diagnose<'t>(
    templates: impl IntoIterator<Item = (&'t str, &'t [u8], &'t [Unknown<'t>])>,
    known: &Known<'_>,
) -> Vec<UnknownToken> {
    let mut found = Vec::new();
    for (template, text, unknown) in templates {
        let mut places = Places::new(text);
        for token in unknown {
            let place = places.at(token.offset);
            let (line, start) = places.line();
            let mark = token.offset - start..token.offset - start + token.text.len();
            let excerpt = Excerpt::new(line, mark, &shortened(token));
            let inner = String::from_utf8_lossy(token.inner()).trim().to_owned();
            let token = sanitized(token.text, Keep::Nothing);
            found.push((
                inner,
                UnknownToken { template: template.to_owned(), place, token, excerpt, guess: Guess::Nothing },
            ));
        }
    }
    let mut slips: HashMap<String, Guess> = HashMap::new();
    for (inner, _) in &found {
        slips.entry(inner.to_lowercase()).or_insert(Guess::Nothing);
    }
    find_slips(&mut slips, known);
    let guessed = found
        .into_iter()
        .map(|(inner, token)| UnknownToken { guess: guess(&inner, &token.token, &slips, known), ..token });
    guessed.collect()
}

fn guess(inner: &str, token: &str, slips: &HashMap<String, Guess>, known: &Known<'_>) -> Guess {
    if let Some((name, _)) = known.elsewhere.iter().find(|(_, other)| *other == token) {
        return Guess::Elsewhere((*name).to_owned());
    }
    let folded = inner.to_lowercase();
    match slips.get(&folded) {
        // The hash of a known name, yet not that name's token: in upper case, or with blanks around.
        Some(Guess::OtherToken(name)) if standard_token(name) != token => return Guess::Near(name.clone()),
        Some(guess) if *guess != Guess::Nothing => return guess.clone(),
        Some(_) | None => {}
    }
    let names = known.declared.iter().copied();
    let hex = folded.len() >= 8 && folded.bytes().all(|byte| byte.is_ascii_hexdigit());
    if let Some(name) = nearest(inner, names.clone()) {
        return Guess::Near(name.to_owned());
    }
    let hashes: Vec<_> = names.map(|name| (name_hash(name), name)).filter(|_| hex).collect();
    let near = nearest(&folded, hashes.iter().map(|(hash, _)| hash.as_str()));
    let cut = hashes.iter().find(|(hash, _)| folded.len() < HASH_LEN && hash.contains(&folded));
    let meant = cut.or_else(|| hashes.iter().find(|(hash, _)| Some(hash.as_str()) == near));
    meant.map_or(Guess::Nothing, |(_, name)| Guess::Near((*name).to_owned()))
}

/// Fills in the hashes that are those of known or misspelt names; the likelier slip wins.
fn find_slips(slips: &mut HashMap<String, Guess>, known: &Known<'_>) {
    if slips.keys().all(|inner| inner.len() != HASH_LEN) {
        return;
    }
    let mut budget = HASHES_MAX;
    let mut try_name = |written: &str, guess: &dyn Fn() -> Guess| {
        budget = budget.saturating_sub(1);
        if let Some(slot) = slips.get_mut(&name_hash(written))
            && *slot == Guess::Nothing
        {
            *slot = guess();
        }
        budget > 0
    };
    for name in &known.declared {
        try_name(name, &|| Guess::OtherToken((*name).to_owned()));
    }
    for (name, _) in &known.elsewhere {
        try_name(name, &|| Guess::Elsewhere((*name).to_owned()));
    }
    for slips_of in [|name: &str| other_styles(name), |name: &str| one_edit(name).collect()] {
        for name in &known.declared {
            for written in slips_of(name) {
                if !try_name(&written, &|| Guess::Misspelt { written: written.clone(), name: (*name).to_owned() }) {
                    return;
                }
            }
        }
    }
}

/// `<SOPS:9f86…:PLACEHOLDER>`: enough to see, short enough to leave room for the line.
fn shortened(token: &Unknown<'_>) -> String {
    let inner = sanitized(token.inner(), Keep::Nothing);
    let is_hash = inner.len() >= 8 && inner.bytes().all(|byte| byte.is_ascii_hexdigit());
    format!("<SOPS:{}:PLACEHOLDER>", first_chars(&inner, if is_hash { 5 } else { 48 }))
}

impl fmt::Display for Guess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherToken(name) => write!(f, "the manifest gives secret '{name}' another placeholder"),
            Self::Elsewhere(name) => write!(f, "secret '{name}' is not installed by this manifest (neededForUsers?)"),
            Self::Misspelt { written, name } => write!(f, "did you mean '{name}'? this is '{written}'"),
            Self::Near(name) => write!(f, "did you mean '{name}'? its placeholder is {}", standard_token(name)),
            Self::Nothing => f.write_str("its secret is not declared in this manifest"),
        }
    }
}

impl fmt::Display for UnknownToken {
    /// Three lines; the last two are indented by seven blanks, to stand under the text behind `error: `.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { template, place, excerpt: Excerpt { line, carets }, guess, .. } = self;
        writeln!(f, "template '{template}', {place}: no secret behind this placeholder")?;
        write!(f, "       {line}\n       {carets} {guess}")
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Tokens, scan};
    use super::*;

    const NAMES: [&str; 4] = ["db/password", "smtp-password", "apiToken", "token"];

    fn guesses(template: &str) -> Vec<Guess> {
        let scan = scan(template.as_bytes(), &Tokens::default());
        let login = standard_token("login");
        let known = Known { declared: NAMES.to_vec(), elsewhere: vec![("login", &login), ("other", "@other@")] };
        let found = diagnose([("app.conf", template.as_bytes(), &scan.unknown[..])], &known);
        found.into_iter().map(|token| token.guess).collect()
    }

    #[test]
    fn a_token_that_is_the_hash_of_a_misspelt_name_names_the_right_one() {
        let slips = [
            ("db_password", "db/password"),
            ("DB/PASSWORD", "db/password"),
            ("password", "db/password"),
            ("db/pasword", "db/password"),
            ("db/passwrod", "db/password"),
            ("smtp_password", "smtp-password"),
            ("api_token", "apiToken"),
            ("tokens", "token"),
        ];
        for (written, name) in slips {
            let expected = Guess::Misspelt { written: written.into(), name: name.into() };
            assert_eq!(guesses(&standard_token(written)), [expected], "{written}");
        }
    }

    #[test]
    fn a_token_that_is_itself_misspelt_names_the_right_one() {
        let token = standard_token("db/password");
        let near = Guess::Near("db/password".into());
        let upper = token.replace(&name_hash("db/password"), &name_hash("db/password").to_uppercase());
        let cut = token.replace(&token[26..70], "");
        let one_digit = token.replacen(&token[10..11], "f", 1).replacen(&token[12..13], "0", 1);
        for slip in [&upper, &cut, &one_digit, "<SOPS:db_password:PLACEHOLDER>", "<SOPS: db/password :PLACEHOLDER>"] {
            assert_eq!(guesses(slip), std::slice::from_ref(&near), "{slip}");
        }
    }

    #[test]
    fn secrets_known_under_another_token_or_elsewhere_are_named() {
        assert_eq!(guesses(&standard_token("token")), [Guess::OtherToken("token".into())]);
        assert_eq!(guesses(&standard_token("login")), [Guess::Elsewhere("login".into())]);
        assert_eq!(guesses(&standard_token("other")), [Guess::Elsewhere("other".into())]);
        assert_eq!(guesses(&standard_token("nothing like it")), [Guess::Nothing]);
        assert_eq!(guesses("<SOPS::PLACEHOLDER>"), [Guess::Nothing]);
    }

    #[test]
    fn the_report_shows_the_place_the_line_and_the_name() {
        let template = format!("# app\n\n\nüser={}; x\n{}", standard_token("db_password"), standard_token("?"));
        let scan = scan(template.as_bytes(), &Tokens::default());
        let known = Known { declared: NAMES.to_vec(), elsewhere: vec![] };
        let found = diagnose([("a.conf", template.as_bytes(), &scan.unknown[..])], &known);
        let hash = name_hash("db_password");
        let expected = format!(
            "template 'a.conf', line 4, column 6: no secret behind this placeholder\n       \
             üser=<SOPS:{}…:PLACEHOLDER>; x\n            \
             ^^^^^^^^^^^^^^^^^^^^^^^^ did you mean 'db/password'? this is 'db_password'",
            &hash[..4]
        );
        assert_eq!(found[0].to_string(), expected);
        assert_eq!(found[1].place, Place { line: 5, column: 1 });
        assert_eq!(found[1].token, standard_token("?"));
    }
}
