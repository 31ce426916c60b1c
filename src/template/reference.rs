//! Scanner and renderer against a reference too simple to be wrong.

use super::*;
use proptest::collection::vec;
use proptest::prelude::*;

/// What a template means: at each place the longest token that starts there, else the byte.
fn reference(template: &[u8], tokens: &[String], values: &[Vec<u8>]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < template.len() {
        let here = (0..tokens.len()).filter(|&i| template[at..].starts_with(tokens[i].as_bytes()));
        match here.max_by_key(|&i| tokens[i].len()) {
            Some(i) => {
                out.extend_from_slice(&values[i]);
                at += tokens[i].len();
            }
            None => {
                out.push(template[at]);
                at += 1;
            }
        }
    }
    out
}

/// Tokens that overlap, are prefixes of each other, or are standard ones.
fn token() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ab]{1,4}",
        "@[ab]{0,2}@?",
        Just("<SOPS:".to_owned()),
        Just(":PLACEHOLDER>".to_owned()),
        "[a-d]".prop_map(|name| standard_token(&name)),
    ]
}

/// Pieces of which a template or a value is made: tokens, parts of tokens, any bytes.
fn text(tokens: Vec<String>) -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => proptest::sample::select(tokens).prop_map(String::into_bytes),
        2 => token().prop_map(String::into_bytes),
        1 => (token(), any::<proptest::sample::Index>()).prop_map(|(t, i)| t.as_bytes()[..=i.index(t.len())].to_vec()),
        2 => vec(any::<u8>(), 0..4),
        1 => "[ab@<\n]{0,3}".prop_map(String::into_bytes),
    ];
    vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// A manifest's tokens (all of one kind, or mixed), a template and a value for each secret.
fn case() -> impl Strategy<Value = (Vec<String>, Vec<u8>, Vec<Vec<u8>>)> {
    let standard = vec("[a-f]".prop_map(|name| standard_token(&name)), 1..5);
    let tokens = prop_oneof![standard, vec(token(), 1..6)].prop_map(|mut tokens| {
        tokens.sort();
        tokens.dedup();
        tokens
    });
    tokens.prop_flat_map(|tokens| {
        let values = vec(text(tokens.clone()), tokens.len());
        (Just(tokens.clone()), text(tokens), values)
    })
}

/// The scan of `template` and the tokens' index.
fn index(tokens: &[String]) -> Tokens {
    Tokens::new(tokens.iter().map(|token| ("name", token.as_str()))).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rendering_equals_the_reference((tokens, template, values) in case()) {
        let scan = scan(&template, &index(&tokens));
        let rendered = render(&scan.segments, |secret| &values[secret.0]).unwrap();
        prop_assert_eq!(rendered.expose(), reference(&template, &tokens, &values));
    }

    #[test]
    fn segments_put_together_are_the_template((tokens, template, _) in case()) {
        let scan = scan(&template, &index(&tokens));
        let mut again = Vec::new();
        for segment in &scan.segments {
            match segment {
                Segment::Literal(text) => {
                    prop_assert!(!text.is_empty());
                    again.extend_from_slice(text);
                }
                Segment::Value { secret, offset, token } => {
                    prop_assert_eq!(*offset, again.len());
                    prop_assert_eq!(*token, tokens[secret.0].as_bytes());
                    again.extend_from_slice(token);
                }
            }
        }
        prop_assert_eq!(again, &template[..]);
        for unknown in &scan.unknown {
            prop_assert_eq!(&template[unknown.offset..][..unknown.text.len()], unknown.text);
        }
    }

    #[test]
    fn both_ways_to_search_find_the_same((names, template) in (vec("[a-d]", 1..4), text(vec![standard_token("a")]))) {
        let mut tokens: Vec<_> = names.iter().map(|name| standard_token(name)).collect();
        tokens.sort();
        tokens.dedup();
        let looked_up = index(&tokens);
        tokens.push("no such text".to_owned());
        prop_assert_eq!(scan(&template, &looked_up), scan(&template, &index(&tokens)));
    }
}
