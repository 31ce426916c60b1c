//! The names nearest to one that was not found: "did you mean …".

/// Names longer than this, in characters, are not compared: the cost grows with the product of both lengths.
const NAME_MAX_CHARS: usize = 256;

/// Most names that are listed where none is near the one that was not found.
const LISTED_MAX: usize = 5;

/// The candidate nearest to `wanted`, or None where none is near enough to be what was meant.
pub fn nearest<'a>(wanted: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    nearest_three(wanted, candidates).first().copied()
}

/// Up to three near candidates, nearest first; those equally near in alphabetical order.
///
/// Near means: at most one edit for every three characters of the longer name (and one in any case), where an edit
/// puts in, drops or changes a character or swaps two neighbours (Damerau-Levenshtein). Upper and lower case differ
/// by nothing here, for case is the slip that is easiest to make.
pub fn nearest_three<'a>(wanted: &str, candidates: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = folded(wanted);
    let mut near: Vec<_> = candidates
        .filter_map(|candidate| {
            let other = folded(candidate);
            let longer = wanted.len().max(other.len());
            let bound = (longer / 3).max(1);
            let comparable = longer <= NAME_MAX_CHARS && wanted.len().abs_diff(other.len()) <= bound;
            let distance = comparable.then(|| edits(&wanted, &other))?;
            (distance <= bound && distance < longer).then_some((distance, candidate))
        })
        .collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter().take(3).map(|(_, candidate)| candidate).collect()
}

/// Says which names there are, where none is near: `there are 'a', 'b' and 3 more`, `there are no secrets`.
pub fn there_are<'n>(names: impl Iterator<Item = &'n str>, kind: &str) -> String {
    let names: Vec<_> = names.collect();
    let listed = names.iter().take(LISTED_MAX).map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(LISTED_MAX) {
        _ if names.is_empty() => format!("there are no {kind}"),
        0 => format!("there are {listed}"),
        more => format!("there are {listed} and {more} more"),
    }
}

fn folded(name: &str) -> Vec<char> {
    name.chars().flat_map(char::to_lowercase).collect()
}

/// Edits from `a` to `b`, three rows of the table at a time; no character takes part in two swaps.
fn edits(a: &[char], b: &[char]) -> usize {
    let mut before = vec![0; b.len() + 1];
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1; b.len() + 1];
        for (j, y) in b.iter().enumerate() {
            let change = above[j] + usize::from(x != y);
            row[j + 1] = change.min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                row[j + 1] = row[j + 1].min(before[j - 1] + 1);
            }
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_counted_as_damerau_and_levenshtein_do() {
        let cases = [("", "", 0), ("", "abc", 3), ("abc", "abc", 0), ("abc", "acb", 1), ("kitten", "sitting", 3)];
        for (a, b, expected) in cases.into_iter().chain([("pasword", "password", 1), ("ab", "ba", 1), ("ca", "abc", 3)])
        {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            assert_eq!(edits(&chars(a), &chars(b)), expected, "{a} {b}");
            assert_eq!(edits(&chars(b), &chars(a)), expected, "{b} {a}");
        }
    }

    #[test]
    fn the_nearest_name_is_found_and_a_far_one_is_not() {
        let names = ["db/password", "db/user", "api_token", "ü"];
        let cases = [
            ("db/pasword", Some("db/password")),
            ("db_password", Some("db/password")),
            ("DB/PASSWORD", Some("db/password")),
            ("apitoken", Some("api_token")),
            ("db/usre", Some("db/user")),
            ("x", None),
            ("", None),
            ("mail/smtp", None),
        ];
        for (wanted, expected) in cases {
            assert_eq!(nearest(wanted, names.into_iter()), expected, "{wanted}");
        }
        assert_eq!(nearest(&"x".repeat(300), ["x".repeat(300).as_str()].into_iter()), None);
    }

    #[test]
    fn three_at_most_come_nearest_first_whatever_the_order_of_the_candidates() {
        let expected = ["token", "token1", "token2"];
        assert_eq!(nearest_three("tokn", ["token2", "tok", "token", "token1", "token3"].into_iter())[0], "tok");
        assert_eq!(nearest_three("token", ["token3", "token2", "token1", "token"].into_iter()), expected);
        assert_eq!(nearest_three("token", ["token1", "token", "token3", "token2"].into_iter()), expected);
    }
}
