//! Templates with expressions, formats and password hashes, through the program, with the examples' encrypted files.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

struct Host {
    folder: tempfile::TempDir,
}

impl Host {
    /// A folder with a manifest of these secrets and templates (JSON lists).
    fn new(secrets: &str, templates: &str) -> Self {
        let host = Self { folder: tempfile::tempdir().unwrap() };
        host.manifest(secrets, templates);
        host
    }

    fn manifest(&self, secrets: &str, templates: &str) {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let examples = root.join("templates-examples");
        let manifest = format!(
            r#"{{"schema": 1, "userMode": true, "secretsMountPoint": "secrets.d", "symlinkPath": "secrets",
                "ageKeyFile": "{}", "secrets": {}, "templates": {templates}}}"#,
            root.join("tests/keys/age-test.txt").display(),
            secrets.replace("EXAMPLES", &examples.display().to_string()),
        );
        fs::write(self.path("manifest.json"), manifest).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sops-inlay"));
        command.args(arguments).current_dir(self.folder.path()).env("SOPS_INLAY_STATE_DIR", self.path("state"));
        command.env_remove("SOPS_AGE_KEY_FILE").env("XDG_RUNTIME_DIR", self.folder.path()).output().unwrap()
    }

    fn done(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// What is said on stderr by a command that exits with this code.
    fn said(&self, arguments: &[&str], exit: i32) -> String {
        let output = self.run(arguments);
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(exit), "{text}");
        text
    }

    fn rendered(&self, name: &str) -> String {
        fs::read_to_string(self.path("secrets/rendered").join(name)).unwrap()
    }
}

/// The map `smtp` of an example, its password alone, and one that nothing can open.
const SECRETS: &str = r#"[
    {"name": "smtp", "sopsFile": "EXAMPLES/yaml/secrets.yaml", "key": "smtp", "install": false},
    {"name": "pager", "sopsFile": "EXAMPLES/yaml/secrets.yaml", "key": "pager/routing_key", "install": false},
    {"name": "mqtt/password", "sopsFile": "EXAMPLES/toml/secrets.yaml", "key": "mqtt/password", "install": false},
    {"name": "elsewhere", "sopsFile": "nowhere.yaml", "install": false}
]"#;

#[test]
fn a_subtree_is_rendered_and_only_what_a_template_names_is_opened() {
    let template = r#"[{"name": "app.conf", "engine": "minijinja",
        "content": "{% for k, v in smtp | items %}\n{{ k }}: {{ v | json }}\n{% endfor %}\n{{ secrets['mqtt/password'] | sh }}\n"}]"#;
    let host = Host::new(SECRETS, template);
    host.done(&["install", "manifest.json"]);
    assert_eq!(
        host.rendered("app.conf"),
        "password: \"example: # still the password\"\n'example\\mqtt\"'\\''password'\\'''\n"
    );
    let mut installed: Vec<_> =
        fs::read_dir(host.path("secrets/")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    installed.sort();
    assert_eq!(installed, ["rendered"]);
}

#[test]
fn a_format_escapes_the_values_of_both_engines_and_refuses_what_it_cannot_hold() {
    let json = r#"[{"name": "a.json", "engine": "minijinja", "format": "json",
        "content": "{\"p\": \"<{{ mqtt.password }}>\", \"q\": {{ mqtt.password }}, \"r\": {{ smtp | json }}}"}]"#;
    let host = Host::new(SECRETS, json);
    host.done(&["install", "manifest.json"]);
    let expected = r#"{"p": "<example\\mqtt\"'password'>", "q": "example\\mqtt\"'password'", "r": {"password":"example: # still the password"}}"#;
    assert_eq!(host.rendered("a.json"), expected);
    let host = Host::new(
        SECRETS,
        r#"[{"name": "a.env", "engine": "minijinja", "format": "docker-env", "content": "A=1\nB={{ pager ~ '\n' }}\n"}]"#,
    );
    let said = host.said(&["install", "manifest.json"], 1);
    assert!(said.contains("template 'a.env', line 2, column 6") && !said.contains("0123456789"), "{said}");
    assert!(!host.path("secrets").exists());
}

#[test]
fn password_hashes_stay_until_the_password_changes() {
    let template = |secret: &str| {
        format!(
            r#"[{{"name": "users", "engine": "minijinja", "format": "env",
                "content": "A={{{{ {secret} | mkpasswd }}}}\nB={{{{ {secret} | mkpasswd('sha512crypt') }}}}\nC=\"{{{{ {secret} | htpasswd('me') }}}}\"\n"}},
                {{"name": "encoded", "engine": "minijinja", "content": "{{{{ {secret} | htpasswd('a') | b64encode }}}}\n{{{{ {secret} | htpasswd('b') | replace('$', '$$') }}}}\n{{{{ {secret} | htpasswd('c') }}}}\n{{{{ {secret} | mkpasswd('bcrypt') | urlencode }}}} {{{{ {secret} | mkpasswd('bcrypt') | hex }}}}\n"}}]"#
        )
    };
    let host = Host::new(SECRETS, &template("pager"));
    host.done(&["install", "manifest.json"]);
    let first = host.rendered("users");
    let encoded = host.rendered("encoded");
    let plain = first.replace('\\', "");
    assert!(plain.contains("$y$j9T$") && plain.contains("$6$") && plain.contains("me:$2y$"), "{first}");
    host.done(&["install", "manifest.json"]);
    assert_eq!(host.rendered("users"), first);
    // Equal passwords keep their own hashes, however each is written.
    assert_eq!(host.rendered("encoded"), encoded);
    host.manifest(SECRETS, &template("smtp.password"));
    host.done(&["install", "manifest.json"]);
    assert_ne!(host.rendered("users"), first);
}

#[test]
fn a_check_finds_mistakes_and_points_out_what_nobody_uses() {
    let mistakes = r#"[{"name": "a", "engine": "minijinja", "content": "x\n{{ pagr }}{{ pager | jsn }}"},
        {"name": "b", "engine": "minijinja", "content": "{% if %}"},
        {"name": "c", "format": "json", "content": "{\"a\": }"}]"#;
    let host = Host::new(SECRETS, mistakes);
    let said = host.said(&["check", "--no-sops-files", "manifest.json"], 1);
    for part in [
        "template 'a', line 2, column 4: no secret is called 'pagr'\n       {{ pagr }}{{ pager | jsn }}\n          ^^^^\nhint:  did you mean pager?",
        "template 'a', line 2, column 22: there is no filter 'jsn'",
        "hint:  did you mean 'json'?",
        "template 'b', line 1, column 1: ",
    ] {
        assert!(said.contains(part), "{said}");
    }
    host.manifest(SECRETS, r#"[{"name": "c", "format": "json", "content": "{\"a\": }"}]"#);
    assert!(host.said(&["check", "--no-sops-files", "manifest.json"], 1).contains("template 'c', line 1, column "));
    host.manifest(
        SECRETS,
        r#"[{"name": "c", "engine": "minijinja", "format": "json", "content": "{\"a\": \"{{ pager }}}"}]"#,
    );
    assert!(host.said(&["check", "--no-sops-files", "manifest.json"], 1).contains("template 'c', line 1, column "));
    let offered =
        SECRETS.replace("\"nowhere.yaml\", \"install\": false", "\"nowhere.yaml\", \"installedElsewhere\": true");
    host.manifest(&offered, "[]");
    let said = host.said(&["check", "--no-sops-files", "manifest.json"], 0);
    assert!(said.contains("'pager' is declared and never used") && !said.contains("elsewhere"), "{said}");
    host.manifest(SECRETS, r#"[{"name": "c", "content": "nothing"}]"#);
    let said = host.said(&["check", "--no-sops-files", "manifest.json"], 0);
    assert!(
        said.contains("template 'c' uses no secret") && said.contains("secret 'elsewhere' is declared and never used"),
        "{said}"
    );
}

#[test]
fn a_check_points_out_line_breaks_of_whole_files_inside_lines() {
    let secrets = r#"[
        {"name": "file", "sopsFile": "nowhere.bin", "format": "binary", "install": false},
        {"name": "value", "sopsFile": "nowhere.yaml", "install": false}
    ]"#;
    let file = "<SOPS:3b9c358f36f0a31b6ad3e14f309c7cf198ac9246e8316f9ce543d5b19ac02b80:PLACEHOLDER>";
    let value = "<SOPS:cd42404d52ad55ccfa9aca4adc828aa5800ad9d385a0671fbcbf724118320619:PLACEHOLDER>";
    let told = |template: &str, content: &str| {
        let content = serde_json::to_string(content).unwrap();
        let host = Host::new(secrets, &format!(r#"[{{"name": "t", "content": {content}{template}}}]"#));
        let said = host.said(&["check", "--no-sops-files", "manifest.json"], 0);
        let places = said.lines().filter(|line| line.contains("would land inside this line"));
        places.map(|line| line.split(": ").nth(1).unwrap().to_owned()).collect::<Vec<_>>()
    };
    let first = "template 't', line 1, column 3";
    assert_eq!(told("", &format!("a={file};\nb={value};")), [first]);
    assert_eq!(told("", &format!("a={file}{value}")), [first]);
    assert_eq!(told("", &format!("a={file}\nb={file}\r\nc={file}")), [""; 0]);
    assert_eq!(told(r#", "trim": true"#, &format!("a={file};")), [""; 0]);
    assert_eq!(told(r#", "format": "ini""#, &format!("a={file};")), [""; 0]);

    let engine = r#", "engine": "minijinja""#;
    assert_eq!(told(engine, "a={{ file }};\nb={{ value }};"), [first]);
    assert_eq!(told(engine, "a={{ secrets.file }}{{ value }}"), [first]);
    let fine = "a={{ file }}\nb={{ file | trim_newline }};{{ file | b64encode }};{% if value %}{{ file }}{% endif %}\n";
    assert_eq!(told(engine, fine), [""; 0]);
    assert_eq!(told(engine, "a={{ file | url_userinfo }};\nb={{ file | upper | b64encode }}"), [first]);
    assert_eq!(told(engine, "a={{ file | upper }};"), [first]);
    assert_eq!(told(r#", "engine": "minijinja", "trim": true"#, "a={{ file }};"), [""; 0]);
}

#[test]
fn a_check_looks_through_loops_and_conditions() {
    let check = |format: &str, content: &str, code: i32| {
        let content = serde_json::to_string(content).unwrap();
        let others = r#"{"name": "part", "engine": "minijinja", "content": "\"p\": \"{{ pager }}\""}"#;
        let host = Host::new(
            SECRETS,
            &format!(
                r#"[{{"name": "t", "engine": "minijinja", "format": "{format}", "content": {content}}}, {others}]"#
            ),
        );
        host.said(&["check", "--no-sops-files", "manifest.json"], code)
    };
    // Broken whatever the values are: in a loop, in both branches, in a macro, behind statements.
    let loops = check("toml", "a = 1\n{% for k, v in smtp | items %}\nb.{{ k }} = \"{{ v }}\n{% endfor %}\n", 1);
    assert!(loops.contains("template 't', line 3, column "), "{loops}");
    let branches = check("json", "{\n{% if pager %}\"a\": 1{% else %}\"a\": 2{% endif %}\n,}", 1);
    assert!(branches.contains("template 't', line 3, column 2"), "{branches}");
    let macros = check("json", "{% macro m(x) %}[{{ x }}{% endmacro %}\n{\"a\": {{ m(pager) }}}", 1);
    assert!(macros.contains("template 't', line "), "{macros}");
    let place = check("json", "{% set x = 1 %}\n[\n{% for p in smtp | items %}{% endfor %}1{{ pager }}]", 1);
    assert!(place.contains("template 't', line 3, column 40"), "{place}");
    let many = "[{% for x in smtp %}{{ x }}{{ ', ' if not loop.last }}{% endfor %}],".repeat(9);
    assert!(check("json", &format!("[{many}"), 1).contains("template 't'"));
    check("json", &format!("[{many}1]"), 0);
    let separators = check("json", "[{% for p in smtp | items %}{{ p[0] }}{{ \",\" if not loop.last }}{% endfor %}", 1);
    assert!(separators.contains("template 't', line 1, column "), "{separators}");
    let filter = check("json", "{\"a\": {{ smtp | json }}, \"b\": }", 1);
    assert!(filter.contains("template 't', line 1, column 31"), "{filter}");
    check("sh", "x={{ pager | sh }}\ny=\"{{ pager }}\n", 1);
    // Of many conditions not all ways are tried.
    let seven = "{% if pager %}1{% else %}2{% endif %},".repeat(7);
    let said = check("json", &format!("[{seven}"), 0);
    assert!(said.contains("warning: template 't', line 1, column "), "{said}");
    assert!(!check("json", &format!("[{seven} 1]"), 0).contains("warning: template"));
    // Right on some way, so nothing is said.
    for content in [
        "[{% for x in smtp | items %}{{ x[0] }}{{ ', ' if not loop.last }}{% endfor %}]",
        "{ {%- for k, v in smtp | items %}{{ k }}: {{ v }}{{ ',\\n' if not loop.last else '' }}{% endfor -%} }",
        "{\"a\": {{ 'x' if pager else 'y' }}, \"b\": {{ 'x' ~ pager }}}",
        "[{% for x in smtp | items %}{{ x[0] }}{% if not loop.last %},{% endif %}{% endfor %}]",
        "[{% for x in smtp | items %}{% if not loop.first %},{% endif %}\"{{ x[0] }}\"{% endfor %}]",
        "{% if pager %}[{% else %}{\"a\": {% endif %}1{% if pager %}]{% else %}}{% endif %}",
        "{% macro m(x) %}[{{ x }}]{% endmacro %}{\"a\": {{ m(pager) }}, {% include 'part' %}}",
        "{\"a\": {{ smtp | json }}, {{ pager | json }}: {{ pager | json }}}",
        "{\"a\": \"{{ 1 | json }}\", \"b\": {{ smtp | raw }}}",
        "{\"{{ pager }}\": 1, \"{{ smtp.password }}\": 2}",
    ] {
        check("json", content, 0);
    }
}

#[test]
fn a_comma_of_an_if_is_text_and_a_bare_name_is_quoted() {
    let render = |content: &str| {
        let content = serde_json::to_string(content).unwrap();
        let template = format!(r#"[{{"name": "t", "engine": "minijinja", "format": "json", "content": {content}}}]"#);
        Host::new(SECRETS, &template)
    };
    let list = "[{% for x in ['a', 'b'] %}{{ x }}{{ ', ' if not loop.last else '' }}{% endfor %}, {{ pager }}]";
    let host = render(list);
    host.done(&["install", "manifest.json"]);
    assert_eq!(host.rendered("t"), r#"["a", "b", "0123456789abcdef0123456789abcdef"]"#);
    let host = render("{ {{ pager }} : {{ 1 if pager else 2 }}, \"b\": {{ ';x' if pager }}}");
    host.done(&["install", "manifest.json"]);
    assert_eq!(host.rendered("t"), r#"{ "0123456789abcdef0123456789abcdef" : 1, "b": ";x"}"#);
    // Where the template itself is broken, that place is shown.
    let said = render("{\n\"a\": {{ pager }},}").said(&["install", "manifest.json"], 1);
    assert!(said.contains("template 't', line 2, column 18: json: not in the template's format"), "{said}");
    let said = render("{\n\"a\": x{{ pager }}}").said(&["install", "manifest.json"], 1);
    assert!(said.contains("template 't'") && !said.contains("0123456789"), "{said}");
}

#[test]
fn a_name_that_is_not_in_a_map_is_told_with_the_nearest_one() {
    let run = |content: &str| {
        let content = serde_json::to_string(content).unwrap();
        let host = Host::new(SECRETS, &format!(r#"[{{"name": "t", "engine": "minijinja", "content": {content}}}]"#));
        host.said(&["install", "manifest.json"], 1)
    };
    let said = run("a {{ pager }}\nb {{ pager }} {{ secrets['smtp'].pasword | trim }}\n");
    assert!(said.contains("template 't', line 2, column 18: 'pasword' is not in 'secrets.smtp'"), "{said}");
    assert!(said.contains("hint:  did you mean 'password'?") && !said.contains("example"), "{said}");
    let said = run("{% for x in smtp.nothing_like_it %}{{ x }}{% endfor %}");
    assert!(said.contains("line 1, column 13: 'nothing_like_it' is not in 'smtp'"), "{said}");
    assert!(said.contains("give it a default"), "{said}");
    // Filters that would take what is not there for something empty.
    for filter in ["length", "count", "list", "items", "dictsort", "sort", "unique", "join(',')", "map(attribute='a')"]
    {
        let said = run(&format!("x\n{{{{ smtp.nope | {filter} }}}}{{{{ smtp.no | default(1) }}}}"));
        assert!(said.contains("line 2, column 4: 'nope' is not in 'smtp'"), "{filter}: {said}");
    }
    assert!(run("{{ smtp.nope + 1 }}").contains("'nope' is not in 'smtp'"));
}

#[test]
fn a_check_holds_names_against_the_keys_of_the_sops_file() {
    let check = |content: &str, code: i32| {
        let content = serde_json::to_string(content).unwrap();
        let secrets = SECRETS.split(",\n    {\"name\": \"elsewhere\"").next().unwrap().to_owned() + "]";
        let host = Host::new(
            &secrets,
            &format!(
                r#"[{{"name": "t", "engine": "minijinja", "content": {content}}}, {{"name": "u", "engine": "minijinja", "content": "{{% if pager %}}{{% include 't' %}}{{% endif %}}"}}]"#
            ),
        );
        host.said(&["check", "manifest.json"], code)
    };
    let said = check("{{ pager }}\nx {{ smtp.pasword | trim }}{{ secrets['smtp']['nope'][0] }}", 1);
    assert_eq!(said.matches("line 2, column 6: 'pasword' is not in 'smtp' of ").count(), 1, "{said}");
    assert!(said.contains("did you mean 'password'?") && !said.contains("warning: template"), "{said}");
    assert!(said.contains("line 2, column 31: 'nope' is not in 'smtp' of "), "{said}");
    for content in [
        "{{ smtp.password }}{% for k in smtp %}{{ smtp[k] }}{% endfor %}",
        "{{ smtp.port | default(25) }}{% if secrets.smtp.tls is defined %}{{ secrets.smtp.tls }}{% endif %}",
        "{% for smtp in [smtp] %}{{ smtp.nope }}{% endfor %}",
    ] {
        let said = check(content, 0);
        assert!(!said.contains("is not in"), "{content}: {said}");
    }
    // Not every run gets there.
    for content in [
        "{% if pager == 'x' %}{{ smtp.nope }}{% endif %}",
        "{% if pager == 'x' %}{% else %}{{ smtp.nope }}{% endif %}",
        "{% if pager == 'x' %}{% elif smtp.nope %}{% endif %}",
        "{% for k in smtp %}{{ smtp.nope }}{% else %}{{ smtp.nope }}{% endfor %}",
        "{% macro m(x) %}{{ smtp.nope }}{% endmacro %}",
        "{{ smtp.nope if pager == 'x' else 1 }}",
        "{{ pager == 'x' and smtp.nope }}",
        // Nobody uses it.
        "{% set x = smtp.nope %}{{ x | default(1) }}",
        "{% with x = smtp.nope %}{% endwith %}",
        "{{ [smtp.nope] | length }}",
        "{{ smtp.nope is none }}",
    ] {
        let said = check(content, 0);
        assert!(said.contains("warning: template 't', line 1, column ") && said.contains("'nope' is not in"), "{said}");
    }
    for content in [
        "{% if smtp.nope %}{% endif %}",
        "{% for k in smtp.nope %}{% endfor %}",
        "{{ pager if smtp.nope else 1 }}",
        "{{ smtp.nope or pager }}",
    ] {
        assert!(check(content, 1).contains("'nope' is not in"), "{content}");
    }
}

#[test]
fn a_map_can_be_used_by_expressions_alone() {
    let host = Host::new(&SECRETS.replace("\"key\": \"smtp\", \"install\": false", "\"key\": \"smtp\""), "[]");
    let said = host.said(&["install", "manifest.json"], 1);
    assert!(said.contains("key 'smtp' is a map, and only a single value can be installed"), "{said}");
    assert!(said.contains("install = false"), "{said}");
}

#[test]
fn a_template_is_rendered_with_a_sops_file_and_no_manifest() {
    let host = Host::new("[]", "[]");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let secrets = root.join("templates-examples/yaml/secrets.yaml").display().to_string();
    let key = root.join("tests/keys/age-test.txt").display().to_string();
    fs::write(
        host.path("t.yaml"),
        "{% for k, v in secrets.chat | items %}\n{{ k }}: {{ v }}\n{% endfor %}\np: {{ smtp.password }}\n",
    )
    .unwrap();
    let common = ["render", "--template", "t.yaml", "--secrets", &secrets, "--engine", "minijinja", "--format", "yaml"];
    let with = |more: &[&str]| host.done(&common.iter().chain(more).copied().collect::<Vec<_>>());
    let expected =
        "\"webhook_url\": \"https://chat.example.org/hooks/example-x7t3\"\np: \"example: # still the password\"\n";
    let rendered = with(&["--identity", &key]);
    assert_eq!(rendered.replace('\'', "\""), expected);
    assert_eq!(with(&["--identity", &key, "--dry-run", "--reveal"]), rendered);
    let preview = with(&["--dry-run"]);
    assert_eq!(preview, "{% for k, v in secrets.chat | items %}\n‹k›: ‹v›\n{% endfor %}\np: ‹smtp.password›\n");
    let lengths = with(&["--identity", &key, "--dry-run"]);
    assert!(lengths.contains("p: \"‹smtp.password: 29 bytes, as it is›\""), "{lengths}");
}

#[test]
fn a_preview_and_a_difference_of_a_format_show_the_file_without_a_value() {
    let template = |port: &str| {
        format!(
            r#"[{{"name": "t", "engine": "minijinja", "format": "yaml",
            "content": "port: {port}\nplain: {{{{ pager }}}}\njson: {{{{ smtp.password | json }}}}\ntwo: \"x {{{{ pager }}}}\"\nb: {{{{ smtp.password | b64encode }}}}\n"}}]"#
        )
    };
    let host = Host::new(SECRETS, &template("1"));
    host.done(&["install", "manifest.json"]);
    let preview = host.done(&["render", "--dry-run", "manifest.json", "--identity", &test_key()]);
    let expected = "port: 1\nplain: \"‹pager: 32 bytes, as it is›\"\n\
        json: ‹smtp.password | json: 31 bytes, as its filters wrote it›\ntwo: \"x ‹pager: 32 bytes, as it is›\"\n\
        b: \"‹smtp.password | b64encode: 40 bytes, as it is›\"\n";
    assert_eq!(preview, expected);
    assert_eq!(host.done(&["render", "--diff", "manifest.json"]), "");
    // Another template, and another value in the installed file.
    host.manifest(SECRETS, &template("2"));
    let path = host.path("secrets/rendered/t");
    let old = fs::read_to_string(&path).unwrap().replacen("0123456789abcdef", "0ld-value", 1);
    fs::write(&path, old).unwrap();
    let diff = host.done(&["render", "--diff", "manifest.json"]);
    for part in [
        "-‹old text, not shown›\n",
        "+port: 2\n",
        "-plain: ‹…›\n",
        "+plain: ‹pager›\n",
        " json: ‹smtp.password | json›\n",
    ] {
        assert!(diff.contains(part), "{part:?} is not in\n{diff}");
    }
    for value in ["0123456789abcdef", "0ld", "example: # still", "ZXhhbXBsZT"] {
        assert!(!diff.contains(value) && !preview.contains(value), "{diff}{preview}");
    }
}

fn test_key() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/keys/age-test.txt").display().to_string()
}

#[test]
fn fields_of_schema_1_are_checked() {
    let cases = [
        (r#""engine": "jinja""#, "'jinja' is no engine"),
        (r#""engine": "minijinja", "delimiters": {"variable": ["{%", "%}"]}"#, "the delimiters cannot be told apart"),
        (r#""delimiters": {"variable": ["[[", "]]"]}"#, "'delimiters' are those of the engine 'minijinja'"),
        (r#""format": "jsn""#, "'jsn' is no format of a template"),
        (r#""engine": "minijinja", "delimiters": {"variables": ["[[", "]]"]}"#, "unknown field 'variables'"),
    ];
    for (fields, what) in cases {
        let host = Host::new(SECRETS, &format!(r#"[{{"name": "t", "content": "x", {fields}}}]"#));
        let said = host.said(&["check", "--no-sops-files", "manifest.json"], 1);
        assert!(said.contains(what), "{said}");
    }
    let host = Host::new(
        SECRETS,
        r#"[{"name": "t", "engine": "minijinja", "delimiters": {"variable": ["[[", "]]"]}, "content": "{{ x }}[[ pager ]]"}]"#,
    );
    host.done(&["install", "manifest.json"]);
    assert_eq!(host.rendered("t"), "{{ x }}0123456789abcdef0123456789abcdef");
}
