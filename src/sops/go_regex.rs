//! Go's regular expressions (RE2) in Rust's syntax, for the rules that choose which leaves are encrypted.
//!
//! The two engines match alike; the notations differ in what a class means for non-ASCII text, in the operators inside
//! `[…]`, and in a few escapes (sops-format.md section 3).

use regex::bytes::{Regex, RegexBuilder};
use std::iter::Peekable;
use std::str::Chars;

/// Compiles a Go pattern; None where Go would not compile it. Such a rule matches nothing.
pub fn compile(pattern: &str) -> Option<Regex> {
    let translated = Translator { input: pattern.chars().peekable(), out: String::new() }.run()?;
    RegexBuilder::new(&translated).octal(true).build().ok()
}

struct Translator<'p> {
    input: Peekable<Chars<'p>>,
    out: String,
}

/// What stood before a repetition sign; Go refuses to repeat a repetition.
#[derive(PartialEq)]
enum Last {
    Atom,
    Repetition,
}

impl Translator<'_> {
    fn run(mut self) -> Option<String> {
        let mut last = Last::Atom;
        while let Some(c) = self.input.next() {
            match c {
                '\\' => self.escape()?,
                '[' => self.class()?,
                '*' | '+' | '?' => {
                    if last == Last::Repetition {
                        return None;
                    }
                    self.repetition(&c.to_string());
                    last = Last::Repetition;
                    continue;
                }
                '{' => match self.bounds() {
                    Some(bounds) if last == Last::Repetition || !in_range(&bounds) => return None,
                    Some(bounds) => {
                        self.repetition(&bounds);
                        last = Last::Repetition;
                        continue;
                    }
                    None => self.out.push_str("\\{"),
                },
                '(' => self.group()?,
                _ => self.out.push(c),
            }
            last = Last::Atom;
        }
        Some(self.out)
    }

    /// Writes a repetition with the `?` that may make it lazy.
    fn repetition(&mut self, sign: &str) {
        self.out.push_str(sign);
        if self.input.next_if_eq(&'?').is_some() {
            self.out.push('?');
        }
    }

    /// Takes `n}`, `n,}` or `n,m}` behind a `{`; None, taking nothing, where the brace is an ordinary character.
    fn bounds(&mut self) -> Option<String> {
        let mut ahead = self.input.clone();
        let text: String = ahead.by_ref().take_while(|c| *c != '}').collect();
        let closed = self.input.clone().any(|c| c == '}');
        let (low, high) = text.split_once(',').unwrap_or((&text, ""));
        let number = |text: &str| text.bytes().all(|c| c.is_ascii_digit());
        if !closed || low.is_empty() || !number(low) || !number(high) {
            return None;
        }
        self.input = ahead;
        Some(format!("{{{text}}}"))
    }

    /// Passes a group's head on; flags that only Rust knows are refused.
    fn group(&mut self) -> Option<()> {
        self.out.push('(');
        let head: String = self.input.clone().take_while(|c| !matches!(c, ':' | ')' | '<' | 'P')).collect();
        match head.strip_prefix('?') {
            Some(flags) if flags.contains(|c| !matches!(c, 'i' | 'm' | 's' | 'U' | '-')) => None,
            _ => Some(()),
        }
    }

    fn escape(&mut self) -> Option<()> {
        let c = self.input.next()?;
        match perl_class(c) {
            Some((set, negated)) => self.out.push_str(&format!("[{}{set}]", if negated { "^" } else { "" })),
            None => match c {
                'b' | 'B' => self.out.push_str(&format!("(?-u:\\{c})")),
                'C' => self.out.push_str("(?s-u:.)"),
                'Q' => self.quoted(),
                _ => self.plain_escape(c)?,
            },
        }
        Some(())
    }

    /// An escape that means the same inside and outside a class.
    fn plain_escape(&mut self, c: char) -> Option<()> {
        match c {
            'A' | 'z' | 'a' | 'f' | 'n' | 'r' | 't' | 'v' | 'x' | 'p' | 'P' | '0'..='7' => {
                self.out.push('\\');
                self.out.push(c);
            }
            _ if c.is_ascii_punctuation() => self.out.push_str(&regex::escape(&c.to_string())),
            _ => return None,
        }
        Some(())
    }

    /// Everything up to `\E` stands for itself.
    fn quoted(&mut self) {
        let rest: String = self.input.clone().collect();
        let (text, taken) = match rest.find("\\E") {
            Some(end) => (&rest[..end], rest[..end + 2].chars().count()),
            None => (rest.as_str(), rest.chars().count()),
        };
        self.out.push_str(&regex::escape(text));
        self.input.by_ref().take(taken).for_each(drop);
    }

    /// A bracketed class: its operators of Rust are ordinary characters to Go.
    fn class(&mut self) -> Option<()> {
        self.out.push('[');
        if self.input.next_if_eq(&'^').is_some() {
            self.out.push('^');
        }
        let mut first = true;
        loop {
            match self.input.next()? {
                ']' if !first => break,
                '[' if self.input.peek() == Some(&':') => self.posix_class(),
                '\\' => self.class_escape()?,
                '-' => self.out.push('-'),
                c @ (']' | '[' | '&' | '~') => self.out.extend(['\\', c]),
                c => self.out.push(c),
            }
            // `--` would be Rust's difference; the second dash can only be the end of a range.
            if self.out.ends_with("--") {
                self.out.pop();
                self.out.push_str("\\-");
            }
            first = false;
        }
        self.out.push(']');
        Some(())
    }

    /// `[:alpha:]` is the same in both; anything else behind `[:` is a plain bracket.
    fn posix_class(&mut self) {
        let rest: String = self.input.clone().take(12).collect();
        match rest.find(":]").filter(|end| rest[1..*end].bytes().all(|c| c.is_ascii_lowercase() || c == b'^')) {
            Some(end) => {
                self.out.push('[');
                self.out.push_str(&rest[..end + 2]);
                self.input.by_ref().take(end + 2).for_each(drop);
            }
            None => self.out.push_str("\\["),
        }
    }

    fn class_escape(&mut self) -> Option<()> {
        let c = self.input.next()?;
        match perl_class(c) {
            Some((set, false)) => self.out.push_str(set),
            Some((set, true)) => self.out.push_str(&format!("[^{set}]")),
            None => self.plain_escape(c)?,
        }
        Some(())
    }
}

/// Go's `\d`, `\w` and `\s` are ASCII, and `\s` has no vertical tab.
fn perl_class(letter: char) -> Option<(&'static str, bool)> {
    let set = match letter.to_ascii_lowercase() {
        'd' => "0-9",
        'w' => "0-9A-Za-z_",
        's' => "\\t\\n\\f\\r ",
        _ => return None,
    };
    Some((set, letter.is_ascii_uppercase()))
}

/// Go takes repeat counts up to 1000, the lower one first.
fn in_range(bounds: &str) -> bool {
    let inner = bounds.trim_matches(['{', '}']);
    let (low, high) = inner.split_once(',').unwrap_or((inner, ""));
    let number = |text: &str| text.parse::<u32>().ok().filter(|n| *n <= 1000);
    match (number(low), high) {
        (None, _) => false,
        (Some(_), "") => true,
        (Some(low), high) => number(high).is_some_and(|high| low <= high),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every row was printed by Go's regexp: pattern, text, whether it matches. None: the pattern does not compile.
    const GO: &[(&str, &str, Option<bool>)] = &[
        ("^(data|stringData)$", "data", Some(true)),
        ("^(data|stringData)$", "mydata", Some(false)),
        (r"^\w$", "é", Some(false)),
        (r"^\W$", "é", Some(true)),
        (r"^[\w]$", "é", Some(false)),
        (r"^[^\W]$", "a", Some(true)),
        (r"\s", "\u{b}", Some(false)),
        (r"\bé", "aé", Some(true)),
        ("^[a&&b]$", "&", Some(true)),
        ("^[a&&b]$", "a", Some(true)),
        ("^[a--c]$", "b", None),
        ("^[a[b]$", "[", Some(true)),
        ("^[]a]$", "]", Some(true)),
        ("^[[:upper:]]$", "A", Some(true)),
        ("^[a~~b]$", "~", Some(true)),
        (r"^\Qa.b\E$", "a.b", Some(true)),
        (r"^\Qa.b\E$", "axb", Some(false)),
        ("^a{,2}$", "a{,2}", Some(true)),
        ("^a{2}$", "aa", Some(true)),
        ("a{1001}", "a", None),
        ("a{3,2}", "a", None),
        ("a**", "a", None),
        ("(", "a", None),
        ("[", "a", None),
        ("(?x) a", "a", None),
        ("(?i)ABC", "xabc", Some(true)),
        ("(?P<n>a)", "a", Some(true)),
        ("(?=a)", "a", None),
        (r"\<a\>", "<a>", Some(true)),
        (r"\Z", "a", None),
        (r"\y", "y", None),
        ("", "a", Some(true)),
    ];

    #[test]
    fn patterns_match_what_go_matches() {
        for (pattern, text, expected) in GO {
            let found = compile(pattern).map(|regex| regex.is_match(text.as_bytes()));
            assert_eq!(found, *expected, "{pattern} on {text}");
        }
    }
}
