//! Words that mean something to a shell where a command begins.

/// Words behind which a shell may look for a reserved word, besides those that surely open a command.
pub(super) const RESERVED: [&[u8]; 14] = [
    b"fi",
    b"done",
    b"esac",
    b"}",
    b"in",
    b"coproc",
    b"function",
    b"repeat",
    b"nocorrect",
    b"always",
    b"-p",
    b"end",
    b"[[",
    b"]]",
];

/// Whether this word of `[[ … ]]` computes those around it.
pub(super) fn compares(raw: &[u8]) -> bool {
    matches!(raw, b"-eq" | b"-ne" | b"-lt" | b"-le" | b"-gt" | b"-ge")
}

/// Whether a word, without its quotes, is one of the commands that ksh93 looks for in `name=(…)`.
pub(super) fn is_ksh_command(raw: &[u8]) -> bool {
    const COMMANDS: [&[u8]; 11] = [
        b".",
        b"typeset",
        b"export",
        b"readonly",
        b"integer",
        b"enum",
        b"compound",
        b"float",
        b"nameref",
        b"alias",
        b"source",
    ];
    let quote = |byte: &&u8| matches!(byte, b'\'' | b'"' | b'\\');
    COMMANDS.iter().any(|command| raw.iter().filter(|byte| !quote(byte)).eq(command.iter()))
}

fn name_len(raw: &[u8]) -> usize {
    if raw.first().is_some_and(u8::is_ascii_digit) {
        return 0;
    }
    raw.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count()
}

/// Whether a word begins as the setting of a variable.
pub(super) fn is_assignment(raw: &[u8]) -> bool {
    let (name, rest) = raw.split_at(name_len(raw));
    !name.is_empty() && (rest.starts_with(b"=") || rest.starts_with(b"+=") || rest.starts_with(b"["))
}

/// Whether a bracket behind this word makes it an array.
pub(super) fn is_array(raw: &[u8]) -> bool {
    let (name, rest) = raw.split_at(name_len(raw));
    !name.is_empty() && matches!(rest, b"=" | b"+=")
}

/// Whether a word begins as a name with a subscript.
pub(super) fn has_subscript(raw: &[u8]) -> bool {
    let (name, rest) = raw.split_at(name_len(raw));
    !name.is_empty() && rest.starts_with(b"[")
}
