//! Activations that fail: what is left behind, and what is said.

use crate::site::{DB_PASSWORD, SMTP_PASSWORD, Site};
use serde_json::json;
use std::fs;

/// Breaks the second secret of a site.
fn break_smtp(site: &mut Site) {
    site.manifest["secrets"][1]["key"] = json!("smtp/pasword");
}

#[test]
fn a_failure_leaves_the_host_as_it_was_and_all_failures_are_told() {
    let mut site = Site::new();
    site.run().expect(0);
    let before = site.snapshot();
    break_smtp(&mut site);
    site.manifest["secrets"][0]["sopsFile"] = json!("/nonexistent/s.yaml");
    site.manifest["secrets"][0]["path"] = json!(site.path("etc/db"));
    site.run().expect(1).says("smtp/pasword").says("/nonexistent/s.yaml");
    assert_eq!(site.snapshot(), before);
}

#[test]
fn at_the_first_activation_too_an_abort_leaves_nothing() {
    for mut site in [Site::new(), Site::schema_1()] {
        break_smtp(&mut site);
        let before = site.snapshot();
        site.run().expect(1);
        assert_eq!(site.snapshot(), before);
    }
}

#[test]
fn partial_installs_the_rest_and_says_what_is_missing() {
    let mut site = Site::schema_1();
    site.manifest["onFailure"] = json!("partial");
    break_smtp(&mut site);
    site.run().expect(1).says("smtp/pasword").says("mail/smtp").says("app.env");
    assert_eq!(site.read("secrets/db"), DB_PASSWORD);
    assert!(fs::metadata(site.path("secrets/mail")).is_err(), "it never was there");
    assert!(fs::metadata(site.path("secrets/rendered/app.env")).is_err(), "its template lacks a value");
}

#[test]
fn partial_keeps_the_previous_version_of_what_cannot_be_installed() {
    let mut site = Site::schema_1();
    site.manifest["onFailure"] = json!("partial");
    site.run().expect(0);
    break_smtp(&mut site);
    site.manifest["secrets"][0]["key"] = json!("vaultwarden/admin_token");
    let done = site.run().expect(1);
    assert_eq!(done.stdout, "modifying secret: db\n");
    assert_ne!(site.read("secrets/db"), DB_PASSWORD);
    assert_eq!(site.read("secrets/mail/smtp"), SMTP_PASSWORD);
    assert_eq!(site.read("secrets/rendered/app.env"), format!("db={DB_PASSWORD}\nmail={SMTP_PASSWORD}\n"));
    assert_eq!(site.generation().as_deref(), Some("2"));
}

#[test]
fn auto_is_partial_where_nothing_is_installed_yet_and_abort_after() {
    let mut site = Site::schema_1();
    site.manifest["onFailure"] = json!("auto");
    break_smtp(&mut site);
    site.run().expect(1);
    assert_eq!(site.read("secrets/db"), DB_PASSWORD);
    let before = site.snapshot();
    site.manifest["secrets"][0]["key"] = json!("vaultwarden/admin_token");
    site.run().expect(1);
    assert_eq!(site.snapshot(), before);
}

#[test]
fn a_missing_key_file_does_not_keep_partial_from_using_the_other_keys() {
    let mut site = Site::schema_1();
    site.manifest["onFailure"] = json!("partial");
    site.manifest["ageIdentityPaths"] = json!([site.manifest["ageKeyFile"]]);
    site.manifest["ageKeyFile"] = json!("/nonexistent/key");
    site.run().expect(3).says("/nonexistent/key");
    assert_eq!(site.read("secrets/db"), DB_PASSWORD);
    site.manifest["onFailure"] = json!("abort");
    let before = site.snapshot();
    site.run().expect(3).says("/nonexistent/key");
    assert_eq!(site.snapshot(), before);
}

#[test]
fn a_directory_in_the_way_of_a_link_fails_before_anything_changes() {
    let mut site = Site::new();
    site.run().expect(0);
    fs::create_dir_all(site.path("etc/db")).unwrap();
    let before = site.snapshot();
    site.manifest["secrets"][0]["path"] = json!(site.path("etc/db"));
    site.manifest["secrets"][1]["path"] = json!(site.path("etc/new/smtp"));
    site.run().expect(5).says(site.path("etc/db").to_str().unwrap()).says("a directory is in the way");
    assert_eq!(site.snapshot(), before);
}

#[test]
fn partial_installs_a_secret_whose_link_cannot_be_placed() {
    let mut site = Site::schema_1();
    site.manifest["onFailure"] = json!("partial");
    fs::create_dir_all(site.path("etc/db")).unwrap();
    fs::write(site.path("file"), "").unwrap();
    site.manifest["secrets"][0]["path"] = json!(site.path("etc/db"));
    site.manifest["secrets"][1]["path"] = json!(site.path("file/smtp"));
    site.run().expect(5).says("a directory is in the way").says(site.path("file").to_str().unwrap());
    assert_eq!(site.read("secrets/db"), DB_PASSWORD);
    assert_eq!(site.read("secrets/mail/smtp"), SMTP_PASSWORD);
    assert!(fs::metadata(site.path("etc/db")).unwrap().is_dir());
}

#[test]
fn a_link_in_a_place_where_none_can_be_made_keeps_partial_from_nothing_else() {
    // No folder can be made there, not even by root.
    let nowhere = "/proc/sops-inlay-test/smtp";
    let mut site = Site::schema_1();
    site.manifest["secrets"][0]["path"] = json!(site.path("etc/db"));
    site.manifest["secrets"][1]["path"] = json!(nowhere);
    site.run().expect(5).says("cannot create /proc/sops-inlay-test");
    assert!(!site.path("secrets").exists() && !site.path("etc").exists(), "abort takes all of it back");
    site.manifest["onFailure"] = json!("partial");
    site.run().expect(5).says("cannot create /proc/sops-inlay-test");
    assert_eq!(site.read("secrets/mail/smtp"), SMTP_PASSWORD);
    assert_eq!(site.read("etc/db"), DB_PASSWORD);
}

#[test]
fn no_run_says_a_value_whatever_fails() {
    let mut site = Site::schema_1();
    site.manifest["onFailure"] = json!("partial");
    break_smtp(&mut site);
    for variables in [&[][..], &[("NIXOS_ACTION", "dry-activate")]] {
        let done = site.run_with(variables, &[]).expect(1);
        let said = done.stdout + &done.stderr;
        assert!(!said.contains(DB_PASSWORD) && !said.contains(SMTP_PASSWORD), "{said}");
    }
}
