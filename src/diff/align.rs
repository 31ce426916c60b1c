//! Finds the old values in an installed file that was rendered from the same template.

use super::masked::Piece;
use memchr::memmem;

/// A place between two literals: the pieces that stand there, next to each other.
struct Gap<'p> {
    /// Position of the first among all pieces.
    first: usize,
    values: Vec<&'p [u8]>,
    /// The literal behind it; empty only at the end of the template.
    then: &'p [u8],
}

/// Whether a gap is first tried with the new value, or ends where the next literal first occurs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Try {
    NewValue,
    Leftmost,
}

/// For each piece whether it is a value that changed; None where `old` does not fit the template.
///
/// Where the literals also occur inside values there is more than one way to fit; one that leaves values unchanged is
/// preferred. Which way is taken decides only which marks are shown, never whether a byte of `old` is.
pub fn align(pieces: &[Piece<'_>], old: &[u8]) -> Option<Vec<bool>> {
    let (head, gaps) = gaps(pieces);
    let rest = old.strip_prefix(head)?;
    [Try::NewValue, Try::Leftmost].into_iter().find_map(|order| {
        let values = old_values(&gaps, rest, order)?;
        let mut changed = vec![false; pieces.len()];
        for (gap, old) in gaps.iter().zip(values) {
            let new_has_lines = gap.values.iter().any(|value| value.contains(&b'\n'));
            if new_has_lines != old.contains(&b'\n') {
                return None;
            }
            mark_changed(gap, old, &mut changed);
        }
        Some(changed)
    })
}

fn gaps<'p>(pieces: &[Piece<'p>]) -> (&'p [u8], Vec<Gap<'p>>) {
    let mut head: &[u8] = b"";
    let mut gaps: Vec<Gap<'p>> = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        match (piece, gaps.last_mut()) {
            (Piece::Literal(text), None) => head = text,
            (Piece::Literal(text), Some(gap)) => gap.then = text,
            (Piece::Value(_, value), Some(gap)) if gap.then.is_empty() => gap.values.push(value),
            (Piece::Value(_, value), _) => gaps.push(Gap { first: at, values: vec![value], then: b"" }),
        }
    }
    (head, gaps)
}

/// What stands in each gap of `old`, which starts with the first one.
fn old_values<'o>(gaps: &[Gap<'_>], old: &'o [u8], order: Try) -> Option<Vec<&'o [u8]>> {
    let (last, inner) = gaps.split_last()?;
    let mut rest = old.strip_suffix(last.then)?;
    let mut found = Vec::with_capacity(gaps.len());
    for gap in inner {
        let kept = if order == Try::NewValue { unchanged_len(gap, rest) } else { None };
        let len = kept.or_else(|| memmem::find(rest, gap.then))?;
        found.push(&rest[..len]);
        rest = &rest[len + gap.then.len()..];
    }
    found.push(rest);
    Some(found)
}

/// Length of the gap's new values where they and the next literal stand at the start of `rest`.
fn unchanged_len(gap: &Gap<'_>, rest: &[u8]) -> Option<usize> {
    let behind = gap.values.iter().try_fold(rest, |rest, value| rest.strip_prefix(*value))?;
    behind.starts_with(gap.then).then(|| rest.len() - behind.len())
}

/// Marks the values of a gap that `old` does not hold; values are told apart from both ends inwards.
fn mark_changed(gap: &Gap<'_>, old: &[u8], changed: &mut [bool]) {
    let mut rest = old;
    let mut values = gap.values.as_slice();
    let mut first = gap.first;
    while let Some((value, others)) = values.split_first()
        && let Some(behind) = rest.strip_prefix(*value)
    {
        (rest, values, first) = (behind, others, first + 1);
    }
    while let Some((value, others)) = values.split_last()
        && let Some(before) = rest.strip_suffix(*value)
    {
        (rest, values) = (before, others);
    }
    // Old text left over with no value to blame: each value is found, but in another arrangement.
    let blamed = if values.is_empty() && !rest.is_empty() {
        gap.first..gap.first + gap.values.len()
    } else {
        first..first + values.len()
    };
    changed[blamed].fill(true);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Literals as they are, values as `‹new value›`; the result names the changed ones.
    fn changed(template: &'static str, old: &str) -> Option<Vec<&'static str>> {
        let mut pieces = Vec::new();
        for (at, part) in template.split(['‹', '›']).enumerate().filter(|(_, part)| !part.is_empty()) {
            pieces.push(if at % 2 == 0 {
                Piece::Literal(part.as_bytes())
            } else {
                Piece::Value(part, part.as_bytes())
            });
        }
        let changed = align(&pieces, old.as_bytes())?;
        let named = pieces.iter().zip(changed).filter(|(_, changed)| *changed);
        Some(named.map(|(piece, _)| std::str::from_utf8(piece.bytes()).unwrap()).collect())
    }

    #[test]
    fn the_changed_values_are_told_from_the_others() {
        assert_eq!(changed("a=‹x›\nb=‹y›\n", "a=x\nb=old\n"), Some(vec!["y"]));
        assert_eq!(changed("a=‹x›\nb=‹y›\n", "a=\nb=old\n"), Some(vec!["x", "y"]));
        assert_eq!(changed("‹x›", "old"), Some(vec!["x"]));
        assert_eq!(changed("‹x›‹yy›‹z›", "xoldz"), Some(vec!["yy"]), "values side by side");
        assert_eq!(changed("‹x›‹y›", "oldy"), Some(vec!["x"]));
        assert_eq!(changed("‹x›‹y›", "xxy"), Some(vec!["x", "y"]));
    }

    #[test]
    fn a_value_may_hold_the_literal_behind_it() {
        assert_eq!(changed("‹a:b›:‹c›", "a:b:old"), Some(vec!["c"]));
        assert_eq!(changed("‹a\nb›\n‹c›\n", "a\nb\nold\n"), Some(vec!["c"]));
        assert_eq!(changed("‹a›:‹b›", "a:old:b"), Some(vec!["b"]));
        assert_eq!(changed("‹a:b›:‹x›:‹y›", "a:b:y"), Some(vec!["a:b", "x"]), "the kept value leaves too little");
    }

    #[test]
    fn a_file_of_another_template_does_not_fit() {
        for old in ["a=x\nc=y\n", "a=x\nb=y", "", "a=x\n", " a=x\nb=y\n"] {
            assert_eq!(changed("a=‹x›\nb=‹y›\n", old), None, "{old}");
        }
        assert_eq!(changed("a=‹x›\nb=1\n", "a=x\nnew line\nb=1\n"), None, "a value does not become several lines");
        assert_eq!(changed("a", "a"), None, "no values");
    }
}
