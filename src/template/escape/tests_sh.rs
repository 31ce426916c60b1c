//! What is written into shell scripts, and what is refused.

use super::tests::{each, refused, render, segments};
use super::{Piece, Reason, TemplateFormat, ValueType, check_places, render_in_format};

#[test]
fn shell_words_are_quoted_for_where_they_stand() {
    let cases = [
        ("A=@ b", "it's", "A='it'\\''s' b"),
        ("echo \"x@\"", "$a`\"\\", "echo \"x\\$a\\`\\\"\\\\\""),
        ("echo \"$(cat @)\"", "a b", "echo \"$(cat 'a b')\""),
        ("cat <<E\n@\nE\n", "$a\\", "cat <<E\n\\$a\\\\\nE\n"),
        ("cat <<'E'\n@\nE\n", "$a\\", "cat <<'E'\n$a\\\nE\n"),
        ("#!/bin/bash\nx=$'@'", "a'b", "#!/bin/bash\nx=$'a\\'b'"),
        ("a -p=x/\\\ny@\\\n  -q \"$x\\\n @\" \\\n@", "b", "a -p=x/\\\ny'b'\\\n  -q \"$x\\\n b\" \\\n'b'"),
    ];
    each(TemplateFormat::Sh, &cases);
    let wrong = [
        ("echo $@", "x"),
        ("echo `x @`", "x"),
        ("echo $((1+@))", "x"),
        ("echo ${a:-@}", "x"),
        ("x@=1", "x"),
        ("@() { :; }", "x"),
        ("echo ~@", "x"),
        // The shell joins the lines before it cuts them into words.
        ("echo $a\\\n@", "x"),
        ("echo \"$a\\\n\\\n@\"", "x"),
        ("cat <<E\n$a\\\n@\nE\n", "x"),
        ("echo \"$\\\n@\"", "x"),
        ("cat <\\\n<E\n@\nE\n", "x"),
        ("echo $(\\\n(1+@))", "x"),
        ("(\\\n(1+@))", "x"),
        ("x@\\\n=1", "x"),
        ("fo\\\nr @ in a; do :; done", "x"),
        ("for\\\n @ in a; do :; done", "x"),
        ("x=$'@'", "a'b"),
    ];
    for (template, value) in wrong {
        assert!(render(TemplateFormat::Sh, template, value.as_bytes(), ValueType::Text).is_err(), "{template}");
    }
    refused(TemplateFormat::Sh, &[("cat <<E\n@\nE\n", "E\nid", 8), ("cat <<@\nx\n@\n", "E", 6)]);
}

/// What begins a script that bash reads with extended patterns.
const BASH: &str = "#!/bin/bash\nshopt -s extglob\n";

fn why(template: &str, value: &str) -> Option<Reason> {
    let rendered = render_in_format(TemplateFormat::Sh, &segments(template), |_| Piece::text(value.as_bytes()));
    rendered.err().map(|refusals| refusals[0].reason.clone())
}

#[test]
fn a_hash_in_a_pattern_is_no_comment() {
    let templates = [
        "[[ \"$l\" =~ ^(#|$) ]] || P=<P>",
        "case $l in @(#|;)*) P=<P>;; esac",
        "[[ a =~ b|#c ]]; P=<P>",
        "[[ a =~ ([a-z]+)#([0-9]+) ]] && echo <P>",
        "[[ a =~ [(] ]]; b # it's <P>",
        "ls !(#*); P=<P>",
        "echo @(a #b) <P>",
        "echo ?(a\n#b) <P>",
        "ls (a #b) <P>",
        "for x (a #b) echo <P>",
        "case x in (a #b) echo <P>;; esac",
        "case x in a #b) echo <P>;; esac",
        "[[ FOO == (#i)foo ]] && print -r -- <P>",
        "a=(x)#<P>",
        "a=(x (y #z) <P>)",
        "(a)#<P>",
        "(# <P>\n:)",
        "echo $(# <P>\n:)",
        "echo a >#<P>",
        "a |#<P>",
        "a &#<P>",
        "echo \\\n#<P>",
        "echo do (a #b\n) <P>",
        "coproc (a #b\n) <P>",
        "[[ a =~ $(b #c\n) ]] && echo <P>",
        "a[1 # 2]=<P>",
        "a=([1 # 2]=<P>)",
        "(( a #b )); echo <P>",
        "x=${ a }; <P>; # }",
    ];
    for template in templates {
        let template = format!("{BASH}{}\n", template.replace('@', "?").replace("<P>", "\"@\""));
        let why = why(&template, "$(id)");
        assert!(matches!(why, Some(Reason::Unclear(_))), "{template}: {why:?}");
        assert_eq!(check_places(TemplateFormat::Sh, &segments(&template)).len(), 1, "{template}");
    }
}

#[test]
fn a_hash_where_a_word_could_begin_is_a_comment() {
    let templates = [
        "# @",
        "a # @",
        "a; # @",
        "a;# @",
        "a && # @\nb",
        "(a) # @",
        "(a # @\n)",
        "f() { # @\na; }",
        "if a; then # @\nb; fi",
        "time (a # @\n)",
        "a=(\n# @\nb # @\n)",
        "echo $(a # @\n)",
        "[[ a =~ (b|c) ]] # @",
        "[[ a == b ]] 2>/dev/null && c # @",
        "case x in # @\n a) b;; # @\n # @\n (c) d # @\n;; (e|f)g) # @\nesac # @",
        "for ((i = 0; i < 2; i++)); do # @\na; done",
        "((i++)) # @",
    ];
    for template in templates {
        assert_eq!(why(template, "$(id)"), None, "{template}");
        assert!(why(template, "a\nid").is_some(), "{template}");
    }
}

#[test]
fn here_documents_are_told_from_shifts() {
    for template in ["[[ a << E ]]\n@\nE", "a=(b <<E)\n@\nE", "echo ?(a <<E) @\nE", "a[1<<2]=@\n2]=", "((1 <<2)); @\n2"]
    {
        assert!(matches!(why(template, "x"), Some(Reason::Unclear(_))), "{template}");
    }
    for template in ["((x = 1 << 2)); a @", "((x <<= 1)); a @", "for ((i = 1 << 2; ; )); do a @; done"] {
        assert_eq!(why(&format!("{BASH}{template}\n"), "x"), None, "{template}");
    }
}

#[test]
fn what_a_shell_computes_is_no_place() {
    let templates = [
        "[[ @ -eq 1 ]]",
        "[[ 1 -lt @ ]]",
        "[[ -v @ ]]",
        "let x=@",
        "let \"x = @\"",
        "declare -i x=@",
        "a[@]=1",
        "a['@']=1",
        "a=([\"@\"]=1)",
        "a[$(b @)]=1",
        "((x = @))",
    ];
    for template in templates {
        assert!(why(&format!("{BASH}{template}\n"), "a[$(id)]").is_some(), "{template}");
    }
    for template in ["[ @ -eq 1 ]", "[[ @ == a && 1 -eq 1 ]]", "declare x=@", "a[1]=@", "a=([1]=@)"] {
        assert_eq!(why(&format!("{BASH}{template}\n"), "a[$(id)]"), None, "{template}");
    }
}

#[test]
fn substitutions_and_parameters_of_usual_scripts_are_read() {
    let cases = [
        (
            "curl -d \"$(cat <<EOF\n{\"a\": \"@\"}\nEOF\n)\" @",
            "$'",
            "curl -d \"$(cat <<EOF\n{\"a\": \"\\$'\"}\nEOF\n)\" '$'\\'''",
        ),
        ("x=$(cat <<'EOF'\n) @ (\nEOF\n)", "'$x", "x=$(cat <<'EOF'\n) '$x (\nEOF\n)"),
        ("x=$(a=(@))", "it's", "x=$(a=('it'\"'\"'s'))"),
        ("a < <(b '@')", "it's", "a < <(b 'it'\"'\"'s')"),
        ("diff \"@\" <(x)", "it's", "diff \"it's\" <(x)"),
        ("a @ > >(b)", "x", "a 'x' > >(b)"),
        ("a \"${1:-\"b c\"}\" @", "x", "a \"${1:-\"b c\"}\" 'x'"),
        ("a \"${x#\"${x%%[![:space:]]*}\"}\" @", "x", "a \"${x#\"${x%%[![:space:]]*}\"}\" 'x'"),
        ("a \"${x%'.gz'}\" \"${x//$'\\n'/ }\" @", "x", "a \"${x%'.gz'}\" \"${x//$'\\n'/ }\" 'x'"),
        ("a \"${m[\"b\"]}\" \"${j:-{}}\" @", "x", "a \"${m[\"b\"]}\" \"${j:-{}}\" 'x'"),
        ("a $((${#b} - 1)) $((10#$x)) $((16#ff)) @", "x", "a $((${#b} - 1)) $((10#$x)) $((16#ff)) 'x'"),
        ("a \"${b[$((${#b[?]}-1))]}\" @", "x", "a \"${b[$((${#b[?]}-1))]}\" 'x'"),
        ("a $(( $(date '+%s') + 1 )) @", "x", "a $(( $(date '+%s') + 1 )) 'x'"),
        ("a $(git log --grep case) @", "x", "a $(git log --grep case) 'x'"),
        ("#!/bin/bash -e\na $'@'", "'", "#!/bin/bash -e\na $'\\''"),
        ("#!/bin/bash\na ${x/{/(} @", "x", "#!/bin/bash\na ${x/{/(} 'x'"),
    ];
    each(TemplateFormat::Sh, &cases);
    let wrong = [
        "a $(case x in x) b;; esac) @",
        "a $(if b; then case x in x) c;; esac; fi) @",
        "a \"${x#\"}\"}\" @",
        "a \"${x%'}'}\" @",
        "a \"${x:-{b}c'}\" @",
        "a ${x/{/(} @",
        "a $((1 # 2)) @",
        "cat <<A\n$(cat <<B\n@\nB\n)\nA",
        "cat <<A $(b\n@\nA\n)",
        "a=${x:-$(cat <<E\nb\nE\n)} @",
    ];
    for template in wrong {
        assert!(matches!(why(&format!("{template}\n"), "x"), Some(Reason::Unclear(_))), "{template}");
    }
}

#[test]
fn what_a_shell_would_lose_is_refused() {
    let cases = [
        // bash, mksh and zsh join the lines of a here-document first.
        ("cat <<E\n$(a '@')\nE\n", "b\\\nc"),
        ("cat <<E\n$(a @)\nE\n", "b\\\nc"),
        ("cat <<E\n$(a '@\n')\nE\n", "b\\"),
        ("cat <<E\n$(a # @\n)\nE\n", "b\\"),
        // bash doubles these bytes.
        ("a=(\"@\")", "\u{1}"),
        ("a=([1]=\"x@\")", "\u{7f}"),
        ("a=$(cat <<'E'\n@\nE\n)", "\u{1}"),
        // ksh93 runs it.
        ("a=(@ b)", "."),
        // ksh93 joins the lines.
        ("cat <<E\n@\\\nE\n", "E"),
        // zsh takes them for more digits, a subscript and a modifier.
        ("#!/bin/zsh\necho \"$1@\"", "1"),
        ("#!/bin/zsh\necho \"$a:@\"", "h"),
        ("#!/bin/zsh\necho \"$a[@]\"", "1"),
        // bash loses the braces.
        ("echo {a..@}", "{a,b}"),
    ];
    for (template, value) in cases {
        assert!(why(template, value).is_some(), "{template}");
    }
    for (template, value) in [("a=('@' @)", "\u{1}"), ("a=(b @)", "."), ("#!/bin/zsh\necho \"${a}:@\" $a/@", "h")] {
        assert_eq!(why(template, value), None, "{template}");
    }
}
