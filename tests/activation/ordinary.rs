//! Activations that go well.

use crate::site::{DB_PASSWORD, SMTP_PASSWORD, Site};
use serde_json::json;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

#[test]
fn secrets_and_templates_are_in_place_after_the_first_run() {
    let site = Site::new();
    let done = site.run().expect(0);
    assert_eq!((done.stdout.as_str(), done.stderr.as_str()), ("", ""));
    assert_eq!(site.read("secrets/db"), DB_PASSWORD);
    assert_eq!(site.read("secrets/mail/smtp"), SMTP_PASSWORD);
    assert_eq!(site.read("secrets/rendered/app.env"), format!("db={DB_PASSWORD}\nmail={SMTP_PASSWORD}\n"));
    assert_eq!(site.generation().as_deref(), Some("1"));
    for (file, mode) in [("secrets/db", 0o400), ("secrets/rendered/app.env", 0o440), ("secrets/mail", 0o751)] {
        assert_eq!(fs::metadata(site.path(file)).unwrap().permissions().mode() & 0o7777, mode, "{file}");
    }
}

#[test]
fn a_manifest_of_sops_nix_makes_a_generation_each_time_and_keeps_as_many_as_told() {
    let mut site = Site::new();
    site.manifest["keepGenerations"] = json!(2);
    (0..3).for_each(|_| drop(site.run().expect(0)));
    fs::create_dir(site.path("secrets.d/kept")).unwrap();
    site.run().expect(0);
    let mut left: Vec<_> =
        fs::read_dir(site.path("secrets.d")).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    left.sort();
    assert_eq!((left, site.generation().unwrap()), (vec!["3".into(), "4".into(), "kept".into()], "4".to_owned()));
    site.manifest["keepGenerations"] = json!(0);
    site.run().expect(0);
    assert_eq!(fs::read_dir(site.path("secrets.d")).unwrap().count(), 4);
}

#[test]
fn under_schema_1_a_run_that_changes_nothing_leaves_the_generation_alone() {
    let mut site = Site::schema_1();
    site.run().expect(0);
    let before = site.snapshot();
    assert_eq!(site.run().expect(0).stdout, "");
    assert_eq!(site.snapshot(), before);
    site.manifest["secrets"][0]["mode"] = json!("0440");
    assert_eq!(site.run().expect(0).stdout, "modifying secret: db\n");
    assert_eq!(site.generation().as_deref(), Some("2"));
}

#[test]
fn changes_are_told_in_the_words_of_sops_nix_and_only_when_asked_for() {
    let mut site = Site::new();
    site.run().expect(0);
    site.manifest["secrets"][0]["key"] = json!("smtp/password");
    site.secret("new", "smtp/password");
    site.manifest["secrets"].as_array_mut().unwrap().remove(1);
    site.manifest["templates"] = json!([]);
    let told =
        "adding secret: new\nmodifying secret: db\nremoving secret: mail/smtp\nremoving rendered secret: app.env\n";
    let planned =
        told.replace("adding", "would add").replace("modifying", "would modify").replace("removing", "would remove");
    let before = site.snapshot();
    assert_eq!(site.run_with(&[("NIXOS_ACTION", "dry-activate")], &[]).expect(0).stdout, planned);
    assert_eq!(site.snapshot(), before, "a dry activation changes nothing");
    assert_eq!(site.run().expect(0).stdout, told);
    site.manifest["logging"] = json!({ "secretChanges": false });
    site.manifest["secrets"][0]["key"] = json!("vaultwarden/db_password");
    assert_eq!(site.run().expect(0).stdout, "");
}

#[test]
fn a_dry_first_activation_writes_nothing_at_all() {
    let site = Site::new();
    let before = site.snapshot();
    site.run_with(&[("NIXOS_ACTION", "dry-activate")], &[]).expect(0);
    assert_eq!(site.snapshot(), before);
}

#[test]
fn links_outside_follow_what_is_declared_to_the_last_one() {
    let mut site = Site::new();
    let outside = site.path("etc/app/db.key");
    fs::create_dir(site.path("etc")).unwrap();
    fs::set_permissions(site.path("etc"), fs::Permissions::from_mode(0o711)).unwrap();
    symlink("/nonexistent", site.path("etc/stale")).unwrap();
    fs::write(site.path("etc/file"), "old").unwrap();
    site.manifest["secrets"][0]["path"] = json!(outside);
    site.secret("stale", "smtp/password")["path"] = json!(site.path("etc/stale"));
    site.secret("file", "smtp/password")["path"] = json!(site.path("etc/file"));
    site.run().expect(0);
    assert_eq!(fs::read_link(&outside).unwrap(), site.path("secrets/db"));
    assert_eq!(site.read("etc/stale"), SMTP_PASSWORD);
    assert_eq!(site.read("etc/file"), SMTP_PASSWORD);
    assert_eq!(fs::metadata(site.path("etc")).unwrap().permissions().mode() & 0o7777, 0o711, "not touched");
    // Someone else's file in our place is left alone.
    fs::remove_file(site.path("etc/file")).unwrap();
    fs::write(site.path("etc/file"), "theirs").unwrap();
    site.manifest["secrets"] = json!([]);
    site.manifest["templates"] = json!([]);
    site.run().expect(0);
    assert!(fs::symlink_metadata(&outside).is_err() && fs::symlink_metadata(site.path("etc/stale")).is_err());
    assert_eq!(site.read("etc/file"), "theirs");
}

#[test]
fn in_user_mode_the_record_is_kept_below_the_users_state_folder() {
    let mut site = Site::new();
    site.manifest["secrets"][0]["path"] = json!(site.path("db.key"));
    let state = site.path("user-state");
    let variables = [("SOPS_INLAY_STATE_DIR", ""), ("XDG_STATE_HOME", state.to_str().unwrap())];
    site.run_with(&variables, &[]).expect(0);
    let records: Vec<_> = fs::read_dir(state.join("sops-inlay")).unwrap().map(|entry| entry.unwrap().path()).collect();
    let record = fs::read_to_string(&records[0]).unwrap();
    assert!(records.len() == 1 && record.contains("db.key") && !record.contains(DB_PASSWORD), "{record}");
}

#[test]
fn the_runtime_folder_stands_for_percent_r_and_two_percent_signs_for_one() {
    let mut site = Site::new();
    site.manifest["secretsMountPoint"] = json!("%r/s.d");
    site.manifest["symlinkPath"] = json!("%r/s");
    site.manifest["templates"] = json!([]);
    site.manifest["secrets"] = json!([]);
    site.secret("db", "vaultwarden/db_password")["path"] = json!("%r/100%%");
    let run = site.path("run");
    site.run_with(&[("XDG_RUNTIME_DIR", run.to_str().unwrap())], &[]).expect(0);
    assert_eq!(site.read("run/100%"), DB_PASSWORD);
    site.run().expect(1).says("XDG_RUNTIME_DIR");
}

#[test]
fn checks_need_no_key_and_write_nothing() {
    let mut site = Site::new();
    site.manifest["ageKeyFile"] = json!("/nonexistent/key");
    let before = site.snapshot();
    for mode in ["-check-mode=manifest", "--check-mode=sopsfile"] {
        let done = site.run_with(&[], &[mode]).expect(0);
        assert_eq!((done.stdout.as_str(), done.stderr.as_str()), ("", ""), "{mode}");
    }
    site.manifest["secrets"][0]["key"] = json!("vaultwarden/db_pasword");
    site.manifest["secrets"][1]["key"] = json!("smtp");
    site.run_with(&[], &["-check-mode=manifest"]).expect(0);
    let done =
        site.run_with(&[], &["-check-mode=sopsfile"]).expect(1).says("vaultwarden/db_password").says("'smtp' is a map");
    assert!(!done.stderr.contains(DB_PASSWORD));
    site.manifest["secrets"][0]["sopsFile"] = json!("/nonexistent/s.yaml");
    site.run_with(&[], &["-check-mode=manifest"]).expect(0);
    site.run_with(&[], &["-check-mode=sopsfile"]).expect(1).says("/nonexistent/s.yaml").says("'smtp' is a map");
    assert_eq!(site.snapshot(), before);
}

#[test]
fn a_copy_outside_is_renewed_with_its_secret_and_removed_with_it() {
    let mut site = Site::schema_1();
    site.manifest["secrets"][0]["path"] = json!(site.path("etc/db"));
    site.manifest["secrets"][0]["symlink"] = json!(false);
    site.run().expect(0);
    assert!(fs::symlink_metadata(site.path("etc/db")).unwrap().is_file());
    assert_eq!(site.read("etc/db"), DB_PASSWORD);
    site.manifest["secrets"][0]["key"] = json!("smtp/password");
    site.manifest["secrets"][0]["mode"] = json!("0440");
    site.run().expect(0);
    assert_eq!(site.read("etc/db"), SMTP_PASSWORD);
    assert_eq!(fs::metadata(site.path("etc/db")).unwrap().permissions().mode() & 0o7777, 0o440);
    site.manifest["templates"] = json!([]);
    site.manifest["secrets"] = json!([]);
    site.run().expect(0);
    assert!(fs::symlink_metadata(site.path("etc/db")).is_err());
}
