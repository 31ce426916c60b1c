//! Random numbers, texts and secrets, the same for the same seed.

use sops_inlay::template::escape::ValueType;

/// SplitMix64.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    pub fn one_in(&mut self, odds: usize) -> bool {
        self.below(odds) == 0
    }

    pub fn pick<'t, T: ?Sized>(&mut self, from: &[&'t T]) -> &'t T {
        from[self.below(from.len())]
    }

    /// Up to `max` characters of `alphabet`.
    pub fn text(&mut self, alphabet: &str, max: usize) -> String {
        let letters: Vec<char> = alphabet.chars().collect();
        let len = self.below(max + 1);
        (0..len).map(|_| letters[self.below(letters.len())]).collect()
    }

    /// A word that means nothing to any format.
    pub fn word(&mut self) -> String {
        let first = self.text("abcdefgh", 3);
        format!("w{first}{}", self.text("abcxyz_0123456789", 5))
    }
}

const NASTY: &str = "\"\"''\\\\$$`#;&<>|(){}[]*?~!%^=:,@-+./ \tabnuxrt019_";
const LINES: &str = "\n\n\r\t ab:#-'\"\\$";
const LOOKS: &[&str] = &[
    "true",
    "null",
    "~",
    "5432",
    "1e5",
    "0x1F",
    "007",
    "2001-01-01",
    "12:30:45",
    "yes",
    "NO",
    "- a",
    "? b",
    "k: v",
    "#c",
    "a #c",
    "|",
    ">",
    "|-\n  x",
    "&a",
    "*a",
    "!t",
    "%d",
    "@x",
    "`id`",
    "---",
    "...",
    "--- a",
    "]]>",
    "]",
    "a]]",
    ">",
    "--",
    "-",
    "?>",
    "?",
    "${HOME}",
    "$HOME",
    "$(id)",
    "%(x)s",
    "100%",
    "\\n",
    "\\",
    "a\\",
    "'''",
    "\"\"\"",
    "'",
    "\"",
    "'a'",
    "\"a\"",
    "EOF",
    "\nEOF\n",
    "EOF\nid",
    "\u{feff}x",
    "a\u{2028}b",
    "a\u{85}b",
    "\u{a0}a",
    ".inf",
    "[section]",
    "a=b",
    "a: b",
    ": x",
    "{}",
    "[]",
    "{",
    "}",
    ",",
    "x\n",
    "\nx",
    "a\n\n\nb",
    "a\n b\n\tc",
    " x",
    "x ",
    "\tx",
    "&amp;",
    "<b>",
    "\\u0041",
    "\\x41",
    "a\r\nb",
    "\r",
    "\u{7f}",
    "\u{1}",
    "\u{1b}[0m",
    "\u{fffe}",
    "😀",
    "é",
    "\u{10ffff}",
    "p@ss:w/rd?#",
    "!important",
    "a{2}",
    "a;b",
    "set -e\n# x",
    "\0",
    "a\0b",
    "case x in",
    "\u{3000}a",
];
const PEM: &str = "-----BEGIN PRIVATE KEY-----\nMIIEvQ+/abc=\nAAAA==\n-----END PRIVATE KEY-----";

/// A secret: its bytes and what it is in its file.
pub fn secret(random: &mut Random) -> (Vec<u8>, ValueType) {
    let text = match random.below(14) {
        0 => String::new(),
        1 | 2 => random.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 32),
        3..=5 => random.text(NASTY, 24),
        6 => random.text(LINES, 12),
        7 => (0..random.below(12)).filter_map(|_| char::from_u32(random.below(0x11_0000) as u32)).collect(),
        8 => (0..random.below(8)).filter_map(|_| char::from_u32(random.below(0x100) as u32)).collect(),
        9 => format!("{PEM}{}", random.pick(&["", "\n"])),
        10..=12 => random.pick(LOOKS).to_owned(),
        _ => return special(random),
    };
    (text.into_bytes(), ValueType::Text)
}

fn special(random: &mut Random) -> (Vec<u8>, ValueType) {
    match random.below(40) {
        0 => {
            let unit = random.text(NASTY, 40) + "x\ny'\"é";
            (unit.repeat((64 << 10) / unit.len() + 1).into_bytes()[..].to_vec(), ValueType::Text)
        }
        1..=3 => ((0..random.below(9)).map(|_| random.next() as u8).collect(), ValueType::Text),
        4..=19 => {
            let number = random.next() as i64 >> random.below(64);
            (number.to_string().into_bytes(), ValueType::Int)
        }
        20..=32 => {
            let number = random.next() as i32;
            let scale = [1.0, 2.0, 1e-3, 1e9][random.below(4)];
            (format!("{}", f64::from(number) / scale).into_bytes(), ValueType::Float)
        }
        33 => (random.pick(&["NaN", "+Inf", "-Inf", "1e+06", "x", "1.", ""]).as_bytes().to_vec(), ValueType::Float),
        34 => (random.pick(&["x", "007", "-0", "99999999999999999999"]).as_bytes().to_vec(), ValueType::Int),
        _ => (random.pick(&["true", "false", "True"]).as_bytes().to_vec(), ValueType::Bool),
    }
}
