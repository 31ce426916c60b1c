//! Random shell scripts. Every value is an argument of `show NAME VALUE`, or what `show_in NAME` reads.

use crate::document::{Document, Leaf};

fn same(text: &str) -> String {
    text.to_owned()
}

fn double(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$")
}

/// Commands that show nothing and that a reader may stumble over: comments and quotes behind brackets.
const AROUND: &[&str] = &[
    "( : # it's\n) # \"\n",
    "(:;# it's\n(:) # \"\n) # (\n",
    "case wa in # it's\n  # \"\n  b) : ;; # '\n  (c|d) : # '\n  ;;\n  w*) : ;; esac # it's\n",
    "f() { # it's\n  :; } # \"\n",
    "if :; then # it's\n  :; fi # \"\n",
    "for i in a b; do # it's\n  :; done # '\n",
    "while :; do # it's\n  break; done\n",
    ": $((1 + (2 << 1))) $((16 + $(printf '%s' 3))) # it's\n",
    ": \"${U:-\"a b\"}\" \"${U#'x'}\" \"${U:-{}}\" ${U:-\"'\"} # '\n",
    ": $(: # it's\n) \"$(: case x in # \"\n)\" # '\n",
    ": <<A # it's\n' \" $(: ')' # it's\n)\nA\n",
    ": \"$(: <<A\n' \" ) (\nA\n)\" # it's\n",
    ": $(: <<'A'; : <<-B # it's\n' \" ) ( $( `\nA\n\t' ) #\n\tB\n)\n",
];

/// The same for bash.
const AROUND_BASH: &[&str] = &[
    "[[ a == @(a|b) && ! x =~ ^[[:space:]]*$ ]] || : # it's\n",
    "[[ a =~ ^([a-z]|\\')$ ]] 2>&1 && : # it's\n",
    "case a in @(b|'#')) : ;; ?(a)) : ;; esac # it's\n",
    "a=(\n  # it's\n  b 'c' # \"\n) # '\n",
    "((x = 1 << 2)); ((x > 0)) && : # it's\n",
    "for ((i = 0; i < 2; i++)); do # it's\n  :; done\n",
    "a=(x y); : \"${a[$((${#a[@]} - 1))]}\" $((10#07)) # it's\n",
    ": < <(: # it's\n) <<<'\"' # '\n",
    "function g { # it's\n  :; }\n",
    ": ${U/\\{/\\(} \"${U//$'\\n'/ }\" $'it\\'s' # it's\n",
];

/// Commands that a value must not stand behind: a shell reads on where the template seems to have a comment.
const DOUBTFUL: &[&str] = &[
    "[[ a =~ ^(#|$) ]] || ",
    "[[ a =~ b|#c ]]; ",
    "[[ a =~ ([a-z]+)#([0-9]+) ]] || ",
    "[[ a1#2 =~ ([a-z]+)#([0-9]+) ]] || ",
    "[[ a == @(#|b) ]] || ",
    ": @(#|;|'); ') ; ",
    "case a in @(#|;)*) : ;; esac; ",
    "a=(x)#'; '; ",
    "a[1 # 2]=3; ",
    "a=([1 # 2]=3); ",
];

/// For any shell.
pub fn sh(doc: &mut Document) {
    for number in 0..1 + doc.random.below(4) {
        if doc.random.one_in(3) {
            let around = doc.random.pick(AROUND);
            doc.literal(around);
        }
        entry(doc, &format!("k{number}"));
    }
}

/// For bash.
pub fn bash(doc: &mut Document) {
    doc.literal("#!/bin/bash\nshopt -s extglob\n");
    for number in 0..1 + doc.random.below(4) {
        if doc.random.one_in(3) {
            let around = doc.random.pick(AROUND_BASH);
            doc.literal(around);
        }
        if doc.random.one_in(40) {
            doc.doubtful = true;
            let around = doc.random.pick(DOUBTFUL);
            doc.literal(around);
        }
        let key = format!("k{number}");
        if doc.random.one_in(2) { entry(doc, &key) } else { bash_entry(doc, &key) }
    }
}

fn entry(doc: &mut Document, key: &str) {
    let said = match doc.random.below(12) {
        0 => {
            doc.context("comment");
            doc.literal("# note ");
            doc.whole();
            doc.literal(" it's\n");
            return;
        }
        1 | 2 => {
            doc.context("bare");
            doc.literal(&format!("show {key} "));
            let said = doc.mixed(&["/", ",", "-", "'", " ", "$"], |text| {
                text.replace('\'', "\\'").replace(' ', "\\ ").replace('$', "'$'")
            });
            doc.literal(" # c\n");
            said
        }
        3 => {
            doc.context("assignment");
            doc.literal(&format!("V{key}="));
            let said = doc.whole();
            doc.literal(&format!("x; show {key} \"$V{key}\"\n"));
            [&said[..], b"x"].concat()
        }
        4 => {
            doc.context("single");
            doc.literal(&format!("show {key} '"));
            let said = doc.mixed(&[" ", "\\", "\"", "#", "\n"], same);
            doc.literal("'\n");
            said
        }
        5 => {
            doc.context("double");
            doc.literal(&format!("show {key} \""));
            let said = doc.mixed(&[" ", "\\", "'", "\"", "$", "\n", "#"], double);
            doc.literal("\"\n");
            said
        }
        6 => {
            doc.context("parameter");
            doc.literal(&format!("x='  a b'; show {key} \"${{x#\"${{x%%[![:space:]]*}}\"}}"));
            let said = doc.whole();
            doc.literal("\"\n");
            [b"a b", &said[..]].concat()
        }
        7..=9 => return substitution(doc, key),
        number => return here(doc, key, number == 10),
    };
    doc.leaf(&[key], Leaf::Text(said));
}

/// A value in the quotes of the template, or in none.
fn quoted(doc: &mut Document) -> Vec<u8> {
    let quote = doc.random.pick(&["", "\"", "'"]);
    doc.literal(quote);
    let said = doc.whole();
    doc.literal(quote);
    said
}

fn substitution(doc: &mut Document, key: &str) {
    let (before, after, around) = match doc.random.below(5) {
        0 | 1 => (format!("show {key} \"$(printf '%s.' "), ")\"\n".to_owned(), ["", "."]),
        2 => (format!("show {key} \"$(printf '%s' \"$(printf '%s.' "), ")\" # it's\n)\"\n".to_owned(), ["", "."]),
        3 => (format!("show_in {key} <<EOF\n' $(printf '%s.' "), " # it's\n) \"\nEOF\n".to_owned(), ["' ", ". \"\n"]),
        _ => return here_substitution(doc, key),
    };
    doc.context("substitution");
    doc.literal(&before);
    let said = quoted(doc);
    doc.literal(&after);
    let [start, end] = around.map(str::as_bytes);
    doc.leaf(&[key], Leaf::Text([start, &said, end].concat()));
}

fn here_substitution(doc: &mut Document, key: &str) {
    doc.context("here in substitution");
    let delimiter = doc.random.pick(&["EOF", "'EOF'"]);
    doc.literal(&format!("show {key} \"$(/bin/cat <<{delimiter}\n' ) \" ( "));
    let said = doc.mixed(&[" ", "'", "\"", ")", "#"], same);
    doc.literal("\nEOF\nprintf '%s.' ");
    let behind = quoted(doc);
    doc.literal(")\"\n");
    doc.leaf(&[key], Leaf::Text([b"' ) \" ( ", &said[..], b"\n", &behind[..], b"."].concat()));
}

fn here(doc: &mut Document, key: &str, expands: bool) {
    if expands {
        doc.context("here");
        doc.literal(&format!("show_in {key} <<EOF\nword $((1+1)) \\$x\n"));
        let said = doc.mixed(&[" ", "'", "\""], same);
        doc.literal("\nEOF\n");
        return doc.leaf(&[key], Leaf::Text([b"word 2 $x\n", &said[..], b"\n"].concat()));
    }
    doc.context("here quoted");
    let sign = doc.random.pick(&["<<", "<<-"]);
    doc.literal(&format!("show_in {key} {sign} 'E F'\nword $x\n"));
    let said = doc.mixed(&[" ", "'", "\"", "\\", "`"], same);
    doc.literal("\nE F\n");
    doc.leaf(&[key], Leaf::Text([b"word $x\n", &said[..], b"\n"].concat()));
}

fn bash_entry(doc: &mut Document, key: &str) {
    let (context, before, after, end) = match doc.random.below(8) {
        0 => ("array", "a=(".to_owned(), format!(" # it's\n); show {key} \"${{a[0]}}\"\n"), ""),
        1 => ("array", "a=(x [3]=".to_owned(), format!(" y); show {key} \"${{a[3]}}\"\n"), ""),
        2 => ("map", "declare -A m=([k]=".to_owned(), format!("); show {key} \"${{m[k]}}\"\n"), ""),
        3 => {
            ("array in substitution", format!("show {key} \"$(a=("), "); printf '%s.' \"${a[@]}\")\"\n".to_owned(), ".")
        }
        4 => ("process", format!("show_in {key} < <(printf '%s.' "), " # it's\n)\n".to_owned(), "."),
        5 => ("array in process", format!("show_in {key} < <(a=(x "), "); printf '%s.' \"${a[1]}\")\n".to_owned(), "."),
        6 => ("here-string", format!("show_in {key} <<<"), " # it's\n".to_owned(), "\n"),
        _ => {
            doc.context("dollar");
            doc.literal(&format!("show {key} $'it\\'s\\t"));
            let said = doc.whole();
            doc.literal("'\n");
            return doc.leaf(&[key], Leaf::Text([b"it's\t", &said[..]].concat()));
        }
    };
    doc.context(context);
    doc.literal(&before);
    let said = quoted(doc);
    doc.literal(&after);
    doc.leaf(&[key], Leaf::Text([&said[..], end.as_bytes()].concat()));
}
