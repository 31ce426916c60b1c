//! Ways to misspell a name. A placeholder holds only a hash, so a slip can be found only by making it again.

/// Characters that separate the parts of a name.
const SEPARATORS: [char; 4] = ['/', '_', '-', '.'];
/// Characters put in and changed to by [`one_edit`].
const ALPHABET: &str = "abcdefghijklmnopqrstuvwxyz0123456789/_-.";

/// Slips that change a name throughout: its case, its separators, a part left out.
pub fn other_styles(name: &str) -> Vec<String> {
    let mut found = vec![name.to_lowercase(), name.to_uppercase()];
    for separator in SEPARATORS {
        found.push(name.replace(SEPARATORS, &separator.to_string()));
    }
    found.push(name.replace(SEPARATORS, ""));
    found.push(camel_case(name));
    for separator in ['_', '-', '/'] {
        found.push(split_camel_case(name, separator));
    }
    found.extend(name.split_once('/').map(|(_, rest)| rest.to_owned()));
    found.extend(name.rsplit_once('/').map(|(_, last)| last.to_owned()));
    found
}

/// Slips of one character: left out, put in, changed, its case changed, swapped with the next one.
pub fn one_edit(name: &str) -> impl Iterator<Item = String> {
    let chars: Vec<char> = name.chars().collect();
    (0..=chars.len()).flat_map(move |at| {
        let (before, rest) = chars.split_at(at);
        let joined = |middle: &[char], rest: &[char]| before.iter().chain(middle).chain(rest).collect::<String>();
        let mut found: Vec<String> = ALPHABET.chars().map(|c| joined(&[c], rest)).collect();
        if let Some((&here, after)) = rest.split_first() {
            found.push(joined(&[], after));
            found.extend(ALPHABET.chars().map(|c| joined(&[c], after)));
            found.push(joined(&[here.to_ascii_uppercase()], after));
            if let Some((&next, after)) = after.split_first() {
                found.push(joined(&[next, here], after));
            }
        }
        found
    })
}

fn camel_case(name: &str) -> String {
    let mut parts = name.split(SEPARATORS);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |mut camel, part| {
        let mut chars = part.chars();
        camel.extend(chars.next().map(|c| c.to_ascii_uppercase()));
        camel + chars.as_str()
    })
}

fn split_camel_case(name: &str, separator: char) -> String {
    let mut found = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !found.is_empty() {
            found.push(separator);
        }
        found.push(c.to_ascii_lowercase());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_styles_hold_the_usual_slips() {
        let found = other_styles("db/app-Password");
        for slip in ["db/app-password", "DB/APP-PASSWORD", "db_app_Password", "dbAppPassword", "app-Password"] {
            assert!(found.iter().any(|style| style == slip), "{slip}: {found:?}");
        }
        assert!(other_styles("dbPassword").contains(&"db_password".to_owned()));
        assert!(other_styles("a/b/token").contains(&"token".to_owned()));
    }

    #[test]
    fn one_edit_holds_every_slip_of_one_character() {
        let found: Vec<_> = one_edit("töken").collect();
        for slip in ["öken", "töke", "tökenx", "xtöken", "tö.ken", "tÖken", "tokøn", "tökne", "ötken", "token", "Töken"]
        {
            let expected = !matches!(slip, "tÖken" | "tokøn");
            assert_eq!(found.iter().any(|edit| edit == slip), expected, "{slip}");
        }
        assert_eq!(one_edit("").count(), ALPHABET.len());
    }
}
