#!/usr/bin/env python3
"""home-manager's activation, as far as ours has to fit into it.

  home.py REPORT UNITS    an activation script like home-manager's on stdout: the entries of nixmod.py's REPORT (on stdin where
                          it is -) among those of home-manager that matter here; UNITS is what linkGeneration links
"""
import json
import sys

# Entries of home-manager that ours may be ordered by (modules/home-environment.nix, files.nix, systemd.nix).
HOME_MANAGER = {
    "checkFilesChanged": {"before": ["linkGeneration"], "after": []},
    "checkLinkTargets": {"before": ["writeBoundary"], "after": []},
    "writeBoundary": {"before": [], "after": []},
    "installPackages": {"before": [], "after": ["writeBoundary"]},
    "linkGeneration": {"before": [], "after": ["writeBoundary"]},
    "onFilesChange": {"before": [], "after": ["linkGeneration"]},
    "reloadSystemd": {"before": [], "after": ["linkGeneration"]},
}


def order(entries):
    """Names in the order of lib.hm.dag.topoSort, which is that of nixpkgs' lib.toposort over the sorted names."""
    dag = {name: entries[name] for name in sorted(entries)}
    after = {name: set(entry["after"]) | {n for n, other in dag.items() if name in other["before"]} for name, entry in dag.items()}
    rest, found = list(dag), []
    while rest:
        current, visited, rest = rest[0], [], rest[1:]
        while waiting := [name for name in rest if name in after[current]]:
            if any(name in after[current] for name in visited):
                raise ValueError(f"Dependency cycle in activation script: {current}")
            visited = [current] + visited
            rest = waiting[1:] + [name for name in rest if name not in waiting]
            current = waiting[0]
        found.append(current)
        rest = visited + rest
    return found


def entries_of(report):
    ours = {name: {"before": script["before"], "after": script["after"]} for name, script in report["activationScripts"].items()}
    return HOME_MANAGER | ours


def script(report, units):
    texts = {name: script["text"] for name, script in report["activationScripts"].items()}
    texts["linkGeneration"] = f'[[ -v DRY_RUN ]] || {{ mkdir -p ~/.config/systemd; ln -sfn {units} ~/.config/systemd/user; }}'
    texts["reloadSystemd"] = '[[ -v DRY_RUN ]] || XDG_RUNTIME_DIR="${XDG_RUNTIME_DIR:-/run/user/$UID}" systemctl --user daemon-reload'
    steps = [f'echo "Activating {name}"\n{texts.get(name, "")}' for name in order(entries_of(report))]
    return "#!/bin/bash\nset -eu\nset -o pipefail\n\ncd $HOME\n\n" + "\n".join(steps) + "\n"


if __name__ == "__main__":
    source = sys.stdin if sys.argv[1] == "-" else open(sys.argv[1])
    print(script(json.load(source), sys.argv[2]), end="")
