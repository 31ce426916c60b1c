#!/usr/bin/env python3
"""Evaluates the Nix snippets of the documentation with our modules, and runs the check of what they install.

  check_docs.py [FILE…] [--nix BINDIR] [--bin DIR] [-v]

Each ```nix block of README.md and docs/ is a configuration by itself, beside the files of tests/nix/docs: a module, a part of
one (what stands in its braces), or a flake with one system; excerpts of flakes are not evaluated. Lines directly above a block say what must hold, in the words of
run_eval.py, and how to take it:

  <!-- holds: EXPRESSION -->  <!-- warning: TEXT -->  <!-- build: TEXT -->  …
  <!-- home-manager -->       for home-manager
  <!-- not ours: WHY -->      is not evaluated

A warning that is not announced is a failure. Links within the repository must lead somewhere. With --bin the commands are held against the program's help, too: every
`sops-inlay COMMAND --option` must be there. Needs Nix and the harness in ../shared beside the repository: without them it says
so and passes, or with CI set fails where Nix is missing.
"""
import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import run_eval
from run_eval import HERE, MODULES, ROOT, SHARED

# Written by generate-options.py.
GENERATED = {"options.md"}


def pages():
    return [ROOT / "README.md"] + [page for page in sorted((ROOT / "docs").glob("*.md")) if page.name not in GENERATED]


def snippets(page):
    """Line number, lines of remarks and text of each ```nix block; indentation of a list item is taken off."""
    lines = page.read_text().splitlines()
    number = 0
    while number < len(lines):
        opened = re.fullmatch(r"( *)```nix", lines[number])
        number += 1
        if not opened:
            continue
        start, remarks, above = number, [], number - 2
        while above >= 0 and (remark := re.fullmatch(r"\s*<!-- (.*) -->", lines[above])):
            remarks.insert(0, remark[1])
            above -= 1
        text = []
        while lines[number].strip() != "```":
            text.append(lines[number].removeprefix(opened[1]))
            number += 1
        yield start, remarks, "\n".join(text) + "\n"


def kind_of(text):
    if "sops-inlay.url" in text and "outputs" not in text:
        return "excerpt of a flake"
    code = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if re.search(r"^\s*outputs\s*=", text, re.M):
        return "flake"
    return "module" if code and code[0].startswith("{") else "part"


def write(folder, remarks, text):
    """Puts the snippet into `folder` as a configuration that run_eval.py takes, and returns its path."""
    shutil.copytree(HERE / "docs", folder, dirs_exist_ok=True)
    home = "home-manager" in remarks
    kind = kind_of(text)
    part = kind == "part"
    (folder / "snippet.nix").write_text("{ config, lib, pkgs, ... }:\n{\n" + text + "}\n" if part else text)
    module = f"(import ./flake.nix {{ inherit lib; root = {ROOT}; }})" if kind == "flake" else "[ ./snippet.nix ]"
    expected = [f"# {remark}" for remark in remarks if remark != "home-manager"]
    if not any(remark.startswith(("warning: ", "error: ")) for remark in remarks):
        expected.append('# holds: r["warnings"] == []')
    config = folder / "config.nix"
    base = "./base-hm.nix" if home else "./base.nix"
    config.write_text("\n".join(expected) + f"\n{{ lib, ... }}: {{ imports = [ {base} ] ++ {module}; }}\n")
    return config


def check_snippet(args, snippet):
    page, (line, remarks, text) = snippet
    name = f"{page.relative_to(ROOT)}:{line}"
    if any(remark.startswith("not ours: ") for remark in remarks) or kind_of(text) == "excerpt of a flake":
        return name, None
    home = "home-manager" in remarks
    with tempfile.TemporaryDirectory() as folder:
        try:
            config = write(Path(folder), remarks, text)
            module = MODULES / "home-manager.nix" if home else MODULES
            mistakes = run_eval.meets(args, config, module, "home-manager" if home else "nixos")
        except Exception as error:
            mistakes = [repr(error)]
    return name, mistakes


def commands(page):
    """Command lines of sops-inlay in a page, in code of its own or within the text."""
    text = page.read_text()
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```", text, re.M | re.S)
    alone = [line for block in blocks for line in re.findall(r"^\s*(?:sudo )?(sops-inlay .*)$", block, re.M)]
    for code in alone + re.findall(r"`(sops-inlay [^`\n]+)`", text):
        yield re.split(r"\s+[#|]", code)[0]


def check_commands(args, page):
    """Options and commands in a page that the program does not have."""
    mistakes, helps = [], {}

    def text_of(command):
        if command not in helps:
            done = subprocess.run([Path(args.bin) / "sops-inlay", *command, "--help"], capture_output=True, text=True)
            helps[command] = done.stdout if done.returncode == 0 else None
        return helps[command]

    for line in commands(page):
        words = shlex.split(line.replace("…", ""))[1:]
        command = () if not words or words[0].startswith("-") else (words[0],)
        if text_of(command) is None:
            mistakes.append(f"no such command: {line}")
            continue
        for word in words:
            option = re.match(r"--?[a-z][a-z-]*", word)
            if option and not re.search(rf"(?<![\w-]){re.escape(option[0])}(?![\w-])", text_of(command)):
                mistakes.append(f"no option {option[0]}: {line}")
    return f"{page.relative_to(ROOT)}: commands", mistakes


def anchors(page):
    """Names under which the headings of a page are reached, as the forges make them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def check_links(page):
    """Links of a page that lead nowhere within the repository."""
    mistakes = []
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not link.startswith("http") and not (target.exists() and (not anchor or anchor in anchors(target))):
            mistakes.append(f"no such place: {link}")
    return f"{page.relative_to(ROOT)}: links", mistakes


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="parts of names of pages; all where none is given")
    parser.add_argument("--nix", help="folder of nix-instantiate")
    parser.add_argument("--bin", help="folder that holds sops-inlay; without it nothing is built")
    parser.add_argument("-v", "--verbose", action="store_true")
    args = parser.parse_args()
    if not (args.nix or shutil.which("nix-instantiate")):
        print("nix-instantiate is not installed")
        return 1 if os.environ.get("CI") else 0
    if not (SHARED / "nix-harness").is_dir():
        print(f"skipped: no harness in {SHARED}/nix-harness")
        return 0
    chosen = [page for page in pages() if not args.names or any(name in str(page) for name in args.names)]
    jobs = [(page, snippet) for page in chosen for snippet in snippets(page)]
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        results = list(pool.map(lambda job: check_snippet(args, job), jobs))
    results += [check_links(page) for page in chosen]
    if args.bin:
        results += [check_commands(args, page) for page in chosen]
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for name, mistakes in results:
        verdict = "skipped" if mistakes is None else "failed" if mistakes else "passed"
        counts[verdict] += 1
        if mistakes:
            print(f"FAIL {name}\n     " + "\n     ".join(mistakes))
        elif args.verbose:
            print(f"{verdict} {name}")
    print("docs: " + ", ".join(f"{count} {verdict}" for verdict, count in counts.items()))
    return 1 if counts["failed"] or not counts["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
