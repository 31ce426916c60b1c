"""What must be equal where another project's module and ours evaluate one configuration, and where they may differ."""
import re

# Everywhere. Each line: what differs, and why.
#   manifest.schema            ours is schema 1, read strictly
#   unit Before=               ours is done before sysinit.target, or services would race it for their EnvironmentFile=
#   StartLimitIntervalSec=     ours may fail and be started again with each unit that needs secrets
#   *-result.service           shows a failed activation script; sops-nix and agenix have one line in a log
#   program and arguments      sops-inlay in place of sops-install-secrets or a shell script
#   *Leftovers scripts         take away what the last secret leaves; with sops-nix and agenix it stays
#   agenix units               decrypted before users exist, owned by agenix-chown.service after
#   home-manager units         before all other services of the user, with SOPS_RESTART_UNITS_VIA_SYSTEMCTL=1
#   home-manager activation    after the units are linked and reloaded; sops-nix names no order, and home-manager then runs it
#                              before everything else: the first switch fails, for the unit is not there yet
OUR_UNITS = {
    "sops-install-secrets-result.service",
    "agenix-result.service",
    "agenix-chown.service",
}
BEFORE_OURS = {
    "sops-install-secrets.service": {"sysinit.target"},
    "sops-install-secrets-for-users.service": {"sysinit.target", "userborn.service"},
}

# Per configuration: fields of the manifest that may differ, and why.
KEYS_LEFT_OUT = "`key` selects in dotenv, ini and binary files here, so a default of it is left out: the whole file, as with sops-nix"
FOREIGN = "secrets of the other phase are named for templates, as installed elsewhere; with sops-nix their placeholder stays as it is"
ALLOWED = {
    "dotenv-whole": KEYS_LEFT_OUT,
    "ini-whole": KEYS_LEFT_OUT,
    "binary": KEYS_LEFT_OUT,
    "default-key-binary": KEYS_LEFT_OUT,
    "formats": KEYS_LEFT_OUT,
    "template-for-users-placeholder": FOREIGN,
    "template-alone": "a template without secrets is installed too; sops-nix installs nothing where there is no secret",
}
# Our words for the same mistake.
CLEARER = {
    "bad-user": "sops.secrets.token.owner: there is no user 'nobody-here' in users.users; set group too",  # attribute missing
}
# Warnings that are ours alone.
WARNED = {
    "template-content-and-file": "sops.templates.a.file is not used",  # sops-nix ignores the file, and documents the contrary
}
# Not built: the host has another program there, or sops files that are no files here.
NOT_BUILT = {"own-package", "bad-mode-type"}


def same_error(name, ours, theirs):
    """Whether two evaluations fail alike: what differs, or nothing."""
    a, b = error_line(ours), error_line(theirs)
    if name in CLEARER:
        return [] if CLEARER[name] in a else [f"no '{CLEARER[name]}' in {a}"]
    return [] if a == b else [f"errors differ:\n  ours   {a}\n  theirs {b}"]


def error_line(text):
    """The last line that says `error:` with its text, store hashes left out."""
    lines = [line.strip() for line in text.splitlines()]
    start = max((i for i, line in enumerate(lines) if line.startswith("error:")), default=0)
    message = " ".join(line for line in lines[start:start + 12] if line)
    message = re.split(r"\(use '--show-trace'| at /nix/store| at /| Definition values| - In `", message)[0]
    return plain(message)


def plain(value):
    """A value with the hashes of store paths left out."""
    if isinstance(value, str):
        return re.sub(r"/nix/store/[0-9a-z]{32}-", "/nix/store/", value)
    if isinstance(value, dict):
        return {plain(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value


def differences(name, ours, theirs):
    ours, theirs = plain(ours), plain(theirs)
    found = []
    if name in WARNED:
        if not any(WARNED[name] in warning for warning in ours["warnings"]):
            found.append(f"no warning with '{WARNED[name]}' in {ours['warnings']}")
        ours["warnings"] = theirs["warnings"]
    for field in ["failedAssertions", "warnings", "placeholders", "templates", "environment"]:
        if not (name == "template-alone" and field == "failedAssertions"):
            found += equal(field, sort(ours[field]), sort(theirs[field]))
    if ours["failedAssertions"] or theirs["failedAssertions"]:
        return found
    found += manifests(name, ours, theirs)
    found += units(ours, theirs)
    found += scripts(ours, theirs)
    if name == "template-alone":
        found = [line for line in found if "setupSecrets" not in line]
    return found


def sort(value):
    return sorted(value) if isinstance(value, list) else value


def equal(what, ours, theirs):
    return [] if ours == theirs else [f"{what}:\n       ours   {ours}\n       theirs {theirs}"]


def manifests(name, ours, theirs):
    found = []
    pairs = [(ours.get(field), theirs.get(field)) for field in ["manifest", "usersManifest"]]
    if pairs == [(None, None)] * 2:
        pairs = list(zip(sorted_manifests(ours), sorted_manifests(theirs)))
    for mine, other in pairs:
        if other is None:
            continue  # agenix has no manifest
        if mine.pop("schema", None) != 1:
            found.append("manifest.schema is not 1")
        if ALLOWED.get(name) == KEYS_LEFT_OUT:
            for secret, peer in zip(mine["secrets"], other["secrets"]):
                if secret["format"] not in ("yaml", "json") and "key" not in secret:
                    peer.pop("key")
        if ALLOWED.get(name) == FOREIGN:
            mine["secrets"] = [secret for secret in mine["secrets"] if not secret.get("installedElsewhere")]
        found += equal("manifest", mine, other)
    return found


def sorted_manifests(report):
    return [report["manifests"][path] for path in sorted(report["manifests"])]


def unit_lines(text):
    """Section and key of each line, to its values."""
    lines, section = {}, ""
    for line in text.splitlines():
        if line.startswith("["):
            section = line
        elif "=" in line:
            key, value = line.split("=", 1)
            lines.setdefault((section, key), []).append(value)
    return lines


def units(ours, theirs):
    found = []
    missing = set(theirs["units"]) - set(ours["units"])
    extra = set(ours["units"]) - set(theirs["units"]) - OUR_UNITS
    if missing or extra:
        found.append(f"units: missing {sorted(missing)}, extra {sorted(extra)}")
    for name in set(ours["units"]) & set(theirs["units"]):
        mine, other = ours["units"][name], theirs["units"][name]
        if name in ("agenix-install-secrets.service", "agenix.service"):
            found += equal(name + " wantedBy", mine["wantedBy"], other["wantedBy"])
            continue
        for field in ["wantedBy", "requiredBy"]:
            found += equal(f"{name} {field}", mine.get(field), other.get(field))
        a, b = unit_lines(mine["text"]), unit_lines(other["text"])
        if name == "sops-nix.service":
            a = user_unit(a)
        for key in set(a) | set(b):
            if key[1] in ("ExecStart", "StartLimitIntervalSec"):
                continue
            if key[1] in ("Before", "After"):
                # The order of the names means nothing to systemd.
                ignored = BEFORE_OURS.get(name, set()) if key[1] == "Before" else set()
                names = [set(" ".join(lines.get(key, [])).split()) - ignored for lines in (a, b)]
                found += equal(f"{name} {key[1]}", *names)
                continue
            found += equal(f"{name} {key}", a.get(key), b.get(key))
    return found


def user_unit(lines):
    kept = {key: values for key, values in lines.items() if key[1] not in ("Before", "DefaultDependencies")}
    environment = ("[Service]", "Environment")
    kept[environment] = [value.replace(" 'SOPS_RESTART_UNITS_VIA_SYSTEMCTL=1'", "") for value in kept[environment]]
    return kept


def scripts(ours, theirs):
    found = []
    missing = set(theirs["activationScripts"]) - set(ours["activationScripts"])
    extra = set(ours["activationScripts"]) - set(theirs["activationScripts"])
    extra -= {"sopsLeftovers", "sopsLeftoversForUsers", "agenixLeftovers"}
    if ours["kind"] == "home-manager":
        extra -= {"agenix"}  # agenix installs nothing anew when the home is switched
    if missing or extra:
        found.append(f"activation scripts: missing {sorted(missing)}, extra {sorted(extra)}")
    for name in set(ours["activationScripts"]) & set(theirs["activationScripts"]):
        mine, other = ours["activationScripts"][name], theirs["activationScripts"][name]
        if ours["kind"] == "home-manager":
            mine = mine | {"after": []}
        for field in ["deps", "after", "before"]:
            found += equal(f"{name}.{field}", set(mine.get(field, [])), set(other.get(field, [])))
        if not name.startswith("agenix"):
            found += equal(f"{name} dry activation", mine.get("supportsDryActivation"), other.get("supportsDryActivation"))
        exports = re.compile(r"export \S+='.*'")
        if not name.startswith("agenix"):
            found += equal(f"{name} environment", exports.findall(mine["text"]), exports.findall(other["text"]))
    return found
