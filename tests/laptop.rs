//! `render`, `scan` and `man` as people use them on a laptop: no root, no manifest, readers that stop early.

use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const SOPS_INLAY: &str = env!("CARGO_BIN_EXE_sops-inlay");

/// A folder that anyone may write to.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new(files: &[(&str, &str)]) -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        fs::set_permissions(desk.0.path(), fs::Permissions::from_mode(0o777)).unwrap();
        for (name, text) in files {
            fs::write(desk.path(name), text).unwrap();
        }
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut command = Command::new(SOPS_INLAY);
        command.args(arguments).current_dir(self.0.path()).env_clear();
        command.env("HOME", "/nonexistent").env("SOPS_AGE_KEY_FILE", root.join("tests/keys/age-test.txt"));
        command
    }

    /// What goes to stdout and stderr of a command that exits with this code.
    fn run(&self, arguments: &[&str], exit: i32) -> (String, String) {
        told(self.command(arguments).output().unwrap(), exit)
    }

    /// `render` of the template `t` with an example's secrets.
    fn render(&self, arguments: &[&str], exit: i32) -> (String, String) {
        let secrets = example();
        let all = [&["render", "--template", "t", "--secrets", &secrets], arguments].concat();
        self.run(&all, exit)
    }
}

fn told(output: Output, exit: i32) -> (String, String) {
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(exit), "{out}{err}");
    (out, err)
}

fn example() -> String {
    concat!(env!("CARGO_MANIFEST_DIR"), "/templates-examples/yaml/secrets.yaml").to_owned()
}

const MINIJINJA: [&str; 2] = ["--engine", "minijinja"];

#[test]
fn a_folder_that_is_not_there_is_made_for_whoever_asks() {
    // Root becomes nobody; anyone else is somebody already.
    let root = fs::metadata("/proc/self").is_ok_and(|meta| std::os::unix::fs::MetadataExt::uid(&meta) == 0);
    let desk = Desk::new(&[("t", "{{ smtp.password }}"), ("key", ""), ("s.yaml", "")]);
    fs::copy(example(), desk.path("s.yaml")).unwrap();
    fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/age-test.txt"), desk.path("key")).unwrap();
    let program = desk.path("sops-inlay");
    fs::copy(SOPS_INLAY, &program).unwrap();
    let render = |to: &str| {
        let mut command = Command::new(&program);
        command.args(["render", "--template", "t", "--secrets", "s.yaml", "--identity", "key", "-o", to]);
        command.args(MINIJINJA).current_dir(desk.0.path());
        if root {
            command.uid(65534).gid(65534);
        }
        loop {
            match command.output() {
                // Another test's child holds the copy open for writing, until it runs its own program.
                Err(error) if error.kind() == std::io::ErrorKind::ExecutableFileBusy => std::thread::yield_now(),
                output => return output.unwrap(),
            }
        }
    };
    told(render("new/folder"), 0);
    assert_eq!(fs::read_to_string(desk.path("new/folder/t")).unwrap(), "example: # still the password");
    // What was made on the way to a failure goes again.
    fs::create_dir(desk.path("other")).unwrap();
    fs::write(desk.path("other/t"), "").unwrap();
    told(render("other/t/x"), 5);
    assert!(!desk.path("other/t/x").exists());
}

#[test]
fn a_difference_is_shown_to_the_files_below_a_folder() {
    let desk = Desk::new(&[("t", "a = {{ smtp.password }}\nb = 1\n")]);
    desk.render(&[&MINIJINJA[..], &["-o", "out"]].concat(), 0);
    assert_eq!(desk.render(&[&MINIJINJA[..], &["-o", "out", "--diff"]].concat(), 0).0, "");
    fs::write(desk.path("t"), "a = {{ smtp.password }}\nb = 2\n").unwrap();
    let (shown, _) = desk.render(&[&MINIJINJA[..], &["-o", "out", "--diff"]].concat(), 0);
    assert!(shown.contains("out/t") && shown.contains("+b = 2") && !shown.contains("still"), "{shown}");
    let (_, said) = desk.render(&[&MINIJINJA[..], &["--diff"]].concat(), 1);
    assert!(said.contains("--diff with --template needs -o DIR"), "{said}");
}

#[test]
fn a_preview_without_a_key_says_what_is_wrong_whatever_the_values_are() {
    let desk = Desk::new(&[("t", "{\n \"a\": \"{{ smtp.password }}\",\n}\n")]);
    let (shown, said) = desk.render(&[&MINIJINJA[..], &["--format", "json", "--dry-run"]].concat(), 1);
    assert!(shown.contains("‹smtp.password›"), "{shown}");
    assert!(said.contains("template 't', line 3, column 1: json: "), "{said}");
}

#[test]
fn what_is_wrong_with_the_text_of_a_template_has_its_place() {
    let broken = [
        ("json", "{\n \"a\": 1,\n \"b\": tru,\n \"c\": {{ smtp.password }}\n}\n", "line 3, column 7"),
        ("json", "{\n \"c\": {{ smtp.password }}\n \"b\": 1\n}\n", "line 3, column 2"),
        ("toml", "a = 1\n{% if smtp %}\nb = {{ smtp.password }}\n{% endif %}\nc = = 2\n", "line 5, column 5"),
        ("yaml", "a: b: c\nb: {{ smtp.password }}\n", "line 1, column 5"),
    ];
    for (format, text, place) in broken {
        let desk = Desk::new(&[("t", text)]);
        let (_, said) = desk.render(&[&MINIJINJA[..], &["--format", format]].concat(), 1);
        assert!(said.contains(&format!("template 't', {place}: {format}: ")), "{said}");
    }
}

#[test]
fn a_template_that_names_no_secret_is_pointed_out() {
    let desk = Desk::new(&[("t", "a = {{ smtp.password }}\n")]);
    let (shown, said) = desk.render(&["--dry-run"], 0);
    assert_eq!(shown, "a = {{ smtp.password }}\n");
    assert!(said.contains("'t' uses no secret") && said.contains("--engine minijinja"), "{said}");
    assert_eq!(desk.render(&[&MINIJINJA[..], &["--dry-run"]].concat(), 0).1, "");
}

#[test]
fn delimiters_are_given_in_pairs() {
    let desk = Desk::new(&[("t", "{{ .Values.x }} <<smtp.password>> <% if smtp %>y<% endif %>\n")]);
    let pairs = ["--delimiters", "<<", ">>", "<%", "%>"];
    let (shown, _) = desk.render(&[&MINIJINJA[..], &pairs, &["--dry-run", "--reveal"]].concat(), 0);
    assert_eq!(shown, "{{ .Values.x }} example: # still the password y\n");
    for (arguments, reason) in [
        (&["--engine", "minijinja", "--delimiters", "<<", ">>", "<%"][..], "give pairs"),
        (&["--engine", "minijinja", "--delimiters", "<<", ">>", "<<", ">>"], "cannot be told apart"),
        (&["--delimiters", "<<", ">>"], "only the engine minijinja has any"),
    ] {
        let (_, said) = desk.render(&[arguments, &["--dry-run"]].concat(), 1);
        assert!(said.contains(reason), "{said}");
    }
}

#[test]
fn names_with_dashes_and_names_that_are_not_there_are_told_how_to_be_written() {
    let desk = Desk::new(&[("t", "{{ api-key }}")]);
    fs::write(
        desk.path("m.json"),
        r#"{"schema": 1, "userMode": true, "secretsMountPoint": "d", "symlinkPath": "s",
            "secrets": [{"name": "api-key", "sopsFile": "nowhere.yaml", "install": false},
                        {"name": "api", "sopsFile": "nowhere.yaml", "install": false}],
            "templates": [{"name": "t", "file": "t", "engine": "minijinja"}]}"#,
    )
    .unwrap();
    let (_, said) = desk.run(&["check", "--no-sops-files", "m.json"], 1);
    assert!(said.contains("did you mean secrets[\"api-key\"]?"), "{said}");
    let (_, said) = desk.run(&["render", "m.json", "nothing-like-it"], 1);
    assert!(said.contains("hint:  there are 't'"), "{said}");
}

#[test]
fn without_any_key_the_next_step_is_to_name_one() {
    let desk = Desk::new(&[("pub", "age18e9fypej3fppdarq85a96duqy3vw6tzpdmadwevfstfqdepv4eaqyvewc6\n")]);
    let decrypt = |more: &[&str], exit: i32| {
        let mut command = desk.command(&["decrypt", &example()]);
        told(command.args(more).env_remove("SOPS_AGE_KEY_FILE").output().unwrap(), exit).1
    };
    let said = decrypt(&[], 3);
    assert!(said.contains("--identity FILE or SOPS_AGE_KEY_FILE") && !said.contains("updatekeys"), "{said}");
    assert!(decrypt(&["--identity", "pub"], 3).contains("--identity pub: line 1 is a public key"));
    assert!(decrypt(&["--identity", "nope"], 3).contains("--identity nope: no such file"));
}

#[test]
fn a_scan_reads_pipes_follows_loops_once_and_tells_all_it_cannot_read() {
    let token = format!("<SOPS:{}:PLACEHOLDER>", "0".repeat(64));
    let desk = Desk::new(&[("a", &token)]);
    fs::create_dir_all(desk.path("d/e")).unwrap();
    fs::write(desk.path("d/e/b"), &token).unwrap();
    std::os::unix::fs::symlink("..", desk.path("d/e/loop")).unwrap();
    std::os::unix::fs::symlink("d/e", desk.path("link")).unwrap();
    let (found, said) = desk.run(&["scan", "."], 0);
    let expected: Vec<_> =
        ["./a", "./d/e/b", "./link/b", "./link/loop/e/b"].map(|file| format!("{file}:1:1: {token}")).into();
    assert!(said.is_empty() && found.lines().take(3).eq(&expected[..3]), "{found}{said}");
    let mut command = desk.command(&["scan", "/dev/stdin", "nowhere", "d"]);
    let mut cat = Command::new("cat").arg(desk.path("a")).stdout(Stdio::piped()).spawn().unwrap();
    let (found, said) = told(command.stdin(cat.stdout.take().unwrap()).output().unwrap(), 1);
    cat.wait().unwrap();
    assert_eq!(found, format!("/dev/stdin:1:1: {token}\nd/e/b:1:1: {token}\n"));
    assert!(said.contains("nowhere: no such file") || said.contains("nowhere: No such file"), "{said}");
}

#[test]
fn a_reader_that_has_had_enough_is_no_failure_and_a_full_disk_is_one() {
    let desk = Desk::new(&[("a", &format!("<SOPS:{}:PLACEHOLDER>\n", "0".repeat(64)).repeat(5_000))]);
    for arguments in [&["scan", "a"][..], &["schema"], &["scan", "a", "--json"], &["man", "render"]] {
        let mut child = desk.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut out = child.stdout.take().unwrap();
        out.read_exact(&mut [0; 10]).unwrap();
        drop(out);
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{arguments:?}: {output:?}");
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let (_, said) = told(desk.command(arguments).stdout(full).output().unwrap(), 5);
        assert!(said.contains("cannot write standard output: No space left"), "{arguments:?}: {said}");
    }
}

#[test]
fn every_command_has_a_page_of_its_own() {
    let desk = Desk::new(&[]);
    let (all, _) = desk.run(&["man"], 0);
    for command in ["install", "render", "check", "scan", "decrypt", "schema", "completions", "man"] {
        assert!(all.contains(&format!("sops\\-inlay\\-{command}(1)")), "{command}");
        let (page, _) = desk.run(&["man", command], 0);
        assert!(page.contains(&format!("\n.TH sops-inlay-{command} 1")), "{page}");
    }
    assert!(desk.run(&["man", "render"], 0).0.contains("\\-\\-reveal"));
    assert!(desk.run(&["man", "nothing"], 2).1.contains("there is no command 'nothing'"));
    assert!(desk.run(&["render", "--watch", "--json", "m"], 2).1.contains("cannot be used with"));
}
