//! Writes finished files and what is expected of them, for readers in other languages.

use crate::document::{Document, Leaf};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use std::fs::File;
use std::io::{BufWriter, Write};

/// One JSON object a line: `text` and `leaves`, each a path and a value, all bytes in base64.
pub struct Dump {
    file: Option<BufWriter<File>>,
    left: usize,
}

impl Dump {
    /// A new file `NAME.jsonl`.
    pub fn new(name: &str) -> Self {
        let file = std::env::var_os("INLAY_DUMP").map(|directory| {
            let path = std::path::Path::new(&directory).join(format!("{name}.jsonl"));
            BufWriter::new(File::create(path).unwrap())
        });
        Self { file, left: crate::number("INLAY_DUMP_CASES", 3_000) }
    }

    pub fn add(&mut self, doc: &Document, text: &[u8]) {
        let Some(file) = self.file.as_mut().filter(|_| self.left > 0) else { return };
        self.left -= 1;
        let leaves: Vec<_> = doc
            .expected()
            .into_iter()
            .map(|(path, leaf)| {
                let path: Vec<_> = path.into_iter().map(|name| STANDARD.encode(name)).collect();
                let value = match leaf {
                    Leaf::Text(text) => json!({ "text": STANDARD.encode(text) }),
                    Leaf::Int(int) => json!({ "int": int.to_string() }),
                    Leaf::Float(float) => json!({ "float": float.to_string() }),
                    Leaf::Bool(value) => json!({ "bool": value }),
                };
                json!([path, value])
            })
            .collect();
        let line = json!({ "text": STANDARD.encode(text), "leaves": leaves });
        writeln!(file, "{line}").unwrap();
    }

    /// A file rendered with the word `Qw7plain` and the same with a value.
    pub fn add_pair(&mut self, seed: u64, plain: &[u8], rendered: &[u8], value: &[u8]) {
        let Some(file) = self.file.as_mut().filter(|_| self.left > 0) else { return };
        self.left -= 1;
        let [plain, rendered, value] = [plain, rendered, value].map(|bytes| STANDARD.encode(bytes));
        let line = json!({ "seed": seed, "plain": plain, "rendered": rendered, "value": value });
        writeln!(file, "{line}").unwrap();
    }
}
