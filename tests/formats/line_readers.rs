//! What a finished file of the line formats says: short models of their programs, which the scripts under `tests/oracle`
//! hold against the programs themselves.

use crate::document::{Leaf, Leaves};
use crate::readers::{Path, below, sorted};

/// Python's configparser. A `%` is for its interpolation, except in Go's backticks.
pub fn ini(text: &[u8]) -> Option<Leaves> {
    let mut leaves = Vec::new();
    let mut section = Vec::new();
    for line in std::str::from_utf8(text).ok()?.split(['\n', '\r']) {
        let line = line.trim();
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if let Some((name, _)) = line.strip_prefix('[').and_then(|line| line.rsplit_once(']')) {
            section = name.as_bytes().to_vec();
            continue;
        }
        let at = line.find(['=', ':'])?;
        let path = vec![section.clone(), line[..at].trim().as_bytes().to_vec()];
        let value = line[at + 1..].trim();
        if value.contains('%') && !value.starts_with('`') {
            return None;
        }
        leaves.push((path, Leaf::text(value)));
    }
    Some(sorted(leaves))
}

/// systemd's rules for one file. What 252 and 257 read in two ways is not read.
pub fn env(text: &[u8]) -> Option<Leaves> {
    let read = env_by(text, false)?;
    (env_by(text, true)? == read).then_some(read)
}

/// systemd's rules, written as a scan instead of as states. To 252 a backslash at the end of a comment joins the next
/// line to it.
pub fn env_by(text: &[u8], old: bool) -> Option<Leaves> {
    let (blank, newline) = (|byte: u8| b" \t\n\r".contains(&byte), |byte: u8| b"\n\r".contains(&byte));
    let mut rest = std::str::from_utf8(text).ok().filter(|text| !text.contains('\0'))?.as_bytes();
    let valid = |value: &[u8]| {
        let known = |c: char| !matches!(u32::from(c), 0xfdd0..=0xfdef) && u32::from(c) & 0xfffe != 0xfffe;
        std::str::from_utf8(value).is_ok_and(|text| text.chars().all(known))
    };
    let mut leaves = Vec::new();
    loop {
        rest = &rest[rest.iter().take_while(|byte| blank(**byte)).count()..];
        let Some(first) = rest.first() else { return Some(sorted(leaves)) };
        let line = rest.iter().position(|byte| newline(*byte)).unwrap_or(rest.len());
        if b"#;".contains(first) {
            let backslashes = |line: usize| rest[..line].iter().rev().take_while(|byte| **byte == b'\\').count();
            let mut line = line;
            while old && backslashes(line) % 2 == 1 && line < rest.len() {
                let next = rest[line + 1..].iter().position(|byte| newline(*byte));
                line = next.map_or(rest.len(), |next| line + 1 + next);
            }
            rest = &rest[line..];
            continue;
        }
        let Some(sign) = rest[..line].iter().position(|byte| *byte == b'=') else {
            rest = &rest[line..];
            continue;
        };
        let name = rest[..sign].trim_ascii().to_vec();
        rest = &rest[sign + 1..];
        let (mut value, mut kept, mut bare) = (Vec::new(), 0, false);
        while let Some((byte, behind)) = rest.split_first() {
            rest = behind;
            match byte {
                byte if newline(*byte) => break,
                b'\'' if !bare => {
                    let end = rest.iter().position(|byte| *byte == b'\'')?;
                    value.extend_from_slice(&rest[..end]);
                    rest = &rest[end + 1..];
                    kept = value.len();
                }
                b'"' if !bare => loop {
                    let (byte, behind) = rest.split_first()?;
                    rest = behind;
                    kept = value.len();
                    match (byte, rest.first()) {
                        (b'"', _) => break,
                        (b'\\', Some(b'\n')) => rest = &rest[1..],
                        (b'\\', Some(next)) if b"\"\\$`".contains(next) => {
                            value.push(*next);
                            rest = &rest[1..];
                        }
                        (byte, _) => value.push(*byte),
                    }
                },
                b'\\' => {
                    bare = true;
                    if let Some((byte, behind)) = rest.split_first() {
                        if !newline(*byte) {
                            value.push(*byte);
                        }
                        rest = behind;
                    }
                    kept = value.len();
                }
                byte if blank(*byte) && !bare => {}
                byte => {
                    bare = true;
                    value.push(*byte);
                    if !blank(*byte) {
                        kept = value.len();
                    }
                }
            }
        }
        value.truncate(kept.max(if bare { 0 } else { value.len() }));
        if !valid(&value) {
            return None;
        }
        leaves.push((vec![name], Leaf::Text(value)));
    }
}

pub fn docker_env(text: &[u8]) -> Option<Leaves> {
    let mut leaves = Vec::new();
    for line in std::str::from_utf8(text).ok()?.split('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line).trim_start();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (name, value) = line.split_once('=')?;
        let quoted = ['"', '\''].iter().any(|q| value.len() > 1 && value.starts_with(*q) && value.ends_with(*q));
        if name.contains([' ', '\t', '\0']) || value.contains('\0') || quoted || line.len() > 65535 {
            return None;
        }
        leaves.push((vec![name.as_bytes().to_vec()], Leaf::text(value)));
    }
    Some(sorted(leaves))
}

/// java.util.Properties over a Latin-1 stream: any byte that is not ASCII would be misread.
pub fn properties(text: &[u8]) -> Option<Leaves> {
    let mut leaves = Vec::new();
    let all: Vec<u16> = text.iter().map(|byte| u16::from(*byte)).collect();
    let is = |unit: u16, set: &[u8]| u8::try_from(unit).is_ok_and(|byte| set.contains(&byte));
    let mut at = 0;
    let decode = |at: &mut usize, ends: &[u8]| -> Option<Vec<u8>> {
        let mut units = Vec::new();
        while *at < all.len() && !is(all[*at], ends) {
            let unit = all[*at];
            *at += 1;
            if unit != u16::from(b'\\') {
                units.push(unit);
                continue;
            }
            let Some(next) = all.get(*at).and_then(|unit| u8::try_from(*unit).ok()) else { break };
            *at += 1;
            match next {
                b'u' => {
                    let digits = text.get(*at..*at + 4)?;
                    units.push(u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
                    *at += 4;
                }
                b'\n' | b'\r' => {
                    *at += usize::from(next == b'\r' && all.get(*at) == Some(&10));
                    while *at < all.len() && is(all[*at], b" \t\x0c") {
                        *at += 1;
                    }
                }
                b'n' => units.push(10),
                b'r' => units.push(13),
                b't' => units.push(9),
                b'f' => units.push(12),
                other => units.push(other.into()),
            }
        }
        Some(String::from_utf16(&units).ok()?.into_bytes())
    };
    loop {
        // A backslash at the end of a line that holds nothing else joins nothing: the next line may be blank or a comment.
        while let Some(len) = match text.get(at..) {
            Some([b' ' | b'\t' | 0x0c | b'\r' | b'\n', ..]) => Some(1),
            Some([b'\\', b'\r' | b'\n', ..]) => Some(2),
            _ => None,
        } {
            at += len;
        }
        if at == all.len() {
            return Some(sorted(leaves));
        }
        if is(all[at], b"#!") {
            while at < all.len() && !is(all[at], b"\r\n") {
                at += 1;
            }
            continue;
        }
        let name = decode(&mut at, b" \t\x0c\r\n=:")?;
        let blanks = |at: &mut usize| {
            while let Some(len) = match text.get(*at..) {
                Some([b' ' | b'\t' | 0x0c, ..]) => Some(1),
                Some([b'\\', b'\r', b'\n', ..]) => Some(3),
                Some([b'\\', b'\r' | b'\n', ..]) => Some(2),
                _ => None,
            } {
                *at += len;
            }
        };
        blanks(&mut at);
        if at < all.len() && is(all[at], b"=:") {
            at += 1;
            blanks(&mut at);
        }
        let value = decode(&mut at, b"\r\n")?;
        leaves.push((vec![name], Leaf::Text(value)));
    }
}

/// nginx's words: `NAME VALUE;` inside `BLOCK {`. A `$` that the template did not write is a variable.
pub fn nginx(text: &[u8]) -> Option<Leaves> {
    let mut leaves = Vec::new();
    let (mut words, mut path): (Vec<Vec<u8>>, Path) = (Vec::new(), Vec::new());
    let mut rest = text;
    while let Some((first, behind)) = rest.split_first() {
        match first {
            b' ' | b'\t' | b'\r' | b'\n' => rest = behind,
            b'#' => rest = &rest[rest.iter().position(|byte| *byte == b'\n')?..],
            b'{' => {
                path.push(words.join(&b' '));
                words.clear();
                rest = behind;
            }
            b'}' => {
                path.pop()?;
                rest = behind;
            }
            b';' => {
                let [name, value] = words.as_slice() else { return None };
                let special: &[&[u8]] = &[b"default", b"include", b"hostnames", b"volatile"];
                if path.last().is_some_and(|block| block.starts_with(b"map "))
                    && (name.starts_with(b"~") || name.starts_with(b"\\") || special.contains(&name.as_slice()))
                {
                    return None;
                }
                leaves.push((below(&path, name), Leaf::text(value)));
                words.clear();
                rest = behind;
            }
            _ => {
                let quote = Some(*first).filter(|byte| b"\"'".contains(byte));
                let mut at = usize::from(quote.is_some());
                let mut word = Vec::new();
                loop {
                    let byte = *rest.get(at)?;
                    if byte == 0 {
                        return None;
                    }
                    at += 1;
                    match (byte, quote) {
                        (b'\\', _) => {
                            let next = *rest.get(at)?;
                            at += 1;
                            match next {
                                b'"' | b'\'' | b'\\' => word.push(next),
                                b't' => word.push(b'\t'),
                                b'r' => word.push(b'\r'),
                                b'n' => word.push(b'\n'),
                                other => word.extend([b'\\', other]),
                            }
                        }
                        (byte, Some(quote)) if byte == quote => {
                            if !b" \t\r\n;{)".contains(rest.get(at)?) {
                                return None;
                            }
                            break;
                        }
                        (b' ' | b'\t' | b'\r' | b'\n' | b';', None) => {
                            at -= 1;
                            break;
                        }
                        (b'{', None) if !word.ends_with(b"$") => {
                            at -= 1;
                            break;
                        }
                        (byte, _) => word.push(byte),
                    }
                }
                if at >= 4096 {
                    return None;
                }
                words.push(word);
                rest = &rest[at..];
            }
        }
    }
    Some(sorted(leaves))
}
