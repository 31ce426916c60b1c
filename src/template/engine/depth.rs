//! Bounds how deep a template is nested, before it is parsed: parser, compiler and drop all walk it recursively.

use super::mistake::Mistake;
use super::program::TemplateText;
use minijinja::machinery::{Span, Token, tokenize};
use minijinja::syntax::SyntaxConfig;

/// Most tokens around or before one another in an expression, elements of lists and arguments not counted together.
const EXPRESSION_DEPTH_MAX: usize = 300;

/// Most statements inside one another.
const STATEMENT_DEPTH_MAX: usize = 50;

/// Most `elif` around one another: the parser takes each for an `if` inside the `else` of the one before.
const ELIF_DEPTH_MAX: usize = 100;

/// What opens a part of a template that an `end…` closes.
const OPENING: [&str; 5] = ["for", "if", "with", "macro", "autoescape"];

/// Refuses a template that is nested too deeply; what is no syntax at all is left to the parser.
pub(super) fn check(template: TemplateText<'_>, text: &str, syntax: SyntaxConfig) -> Result<(), Mistake> {
    // Tokens at each level of brackets since its last comma.
    let mut levels = vec![0usize];
    // The statements around the place, each with its `elif`s.
    let mut statements: Vec<usize> = Vec::new();
    let mut first = false;
    for token in tokenize(text, false, syntax) {
        let Ok((token, span)) = token else { return Ok(()) };
        match &token {
            Token::TemplateData(_) => continue,
            Token::VariableStart | Token::BlockStart => {
                levels = vec![0];
                first = matches!(token, Token::BlockStart);
                continue;
            }
            Token::Ident(word) if first && OPENING.contains(word) => statements.push(0),
            Token::Ident("elif") if first => statements.last_mut().into_iter().for_each(|elifs| *elifs += 1),
            Token::Ident(word) if first && word.starts_with("end") => drop(statements.pop()),
            Token::BracketOpen | Token::ParenOpen | Token::BraceOpen => levels.push(0),
            Token::BracketClose | Token::ParenClose | Token::BraceClose if levels.len() > 1 => drop(levels.pop()),
            Token::Comma => levels.last_mut().into_iter().for_each(|level| *level = 0),
            _ => {}
        }
        first = false;
        levels.last_mut().into_iter().for_each(|level| *level += 1);
        let statements_too_deep =
            statements.len() > STATEMENT_DEPTH_MAX || statements.iter().sum::<usize>() > ELIF_DEPTH_MAX;
        if levels.iter().sum::<usize>() > EXPRESSION_DEPTH_MAX || statements_too_deep {
            return Err(too_deep(template, text, span));
        }
    }
    Ok(())
}

fn too_deep(template: TemplateText<'_>, text: &str, span: Span) -> Mistake {
    let span = span.start_offset as usize..span.end_offset as usize;
    Mistake::at(template.name, text, span, "this is nested too deeply, or one expression too long")
}
