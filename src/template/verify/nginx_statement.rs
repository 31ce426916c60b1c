//! What the words of nginx's statements are, as far as some mean more than their text.

use super::Role;

/// The statement that is being read.
#[derive(Default)]
pub(super) struct Statement {
    words: usize,
    kind: Kind,
    /// What the word before says.
    before: Before,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Kind {
    #[default]
    Other,
    Lua,
    If,
    Location,
    /// Its first argument is a regular expression.
    Rewrite,
    /// Its arguments may be a regular expression, a wildcard or a word like `off`.
    Patterns,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Before {
    #[default]
    Text,
    /// The next word is a regular expression.
    Matches,
    /// The next word is text.
    Is,
    /// The next word is what to do with a variable.
    Variable,
}

impl Statement {
    /// Takes the next word, which says `text`; returns what it is.
    pub(super) fn word(&mut self, text: &[u8]) -> Role {
        if self.words == 0 {
            self.kind = kind(text);
        }
        let role = match (self.words, self.kind, self.before) {
            (0, ..) => Role::Key,
            (_, Kind::If | Kind::Location, Before::Matches) | (1, Kind::Rewrite, _) => Role::Regex,
            (_, Kind::If, Before::Variable) | (_, Kind::Location, Before::Text | Before::Variable) => Role::Pattern,
            (_, Kind::Patterns, _) => Role::Pattern,
            _ => Role::Value,
        };
        self.words += 1;
        self.before = match text {
            b"~" | b"~*" | b"!~" | b"!~*" => Before::Matches,
            b"=" | b"^~" | b"!=" => Before::Is,
            _ if text.starts_with(b"$") || text.starts_with(b"($") => Before::Variable,
            _ => Before::Text,
        };
        role
    }

    /// Whether a block that begins here is Lua.
    pub(super) fn is_lua(&self) -> bool {
        self.kind == Kind::Lua
    }
}

fn kind(name: &[u8]) -> Kind {
    match name {
        b"if" => Kind::If,
        b"location" => Kind::Location,
        b"rewrite" | b"fastcgi_split_path_info" => Kind::Rewrite,
        b"server_name"
        | b"valid_referers"
        | b"try_files"
        | b"error_page"
        | b"allow"
        | b"deny"
        | b"auth_basic"
        | b"proxy_redirect"
        | b"proxy_cookie_domain"
        | b"proxy_cookie_path" => Kind::Patterns,
        name if name.ends_with(b"_by_lua_block") => Kind::Lua,
        _ => Kind::Other,
    }
}
