# Gathers the files of the store that hold a token below the working directory, under the names of what leads to them.
# Set by the caller: storeDir; tokens and ours, files with a line for each token's pattern and each path that is not looked at.
declare -A seen=()
while IFS= read -r path; do seen[$(realpath -m -- "$path")]=1; done < "$ours"

copy() { # file, place
    LC_ALL=C grep -qEf "$tokens" -- "$1" || return 0
    mkdir -p "./$(dirname -- "$2")"
    cat -- "$1" > "./$2"
}

# Regular files that are not too long for a configuration, of the paths or in the folders given on standard input.
files() { xargs -0r sh -c 'find "$@" -type f -size -4096k -print0' files; }

# A file, or the files in a folder and those that links in it lead to; not what lies behind links to other folders, which
# may be all packages of a user. Links out of the store lead to what the host makes, or nowhere.
take() { # path, place
    local real found
    real=$(realpath -e -- "$1" 2> /dev/null) || return 0
    case $real in "$storeDir"/*) ;; *) return 0 ;; esac
    [ -z "${seen[$real]:-}" ] || return 0
    seen[$real]=1
    while IFS= read -r -d '' found; do
        [ "$found" = "$real" ] || [ -z "${seen[$found]:-}" ] || continue
        case $found in
        "$real"*) copy "$found" "$2${found#"$real"}" ;;
        *) copy "$found" "$2:$found" ;;
        esac
    done < <(
        {
            printf '%s\0' "$real" | files
            if [ -d "$real" ]; then
                find "$real" -type l -print0 | xargs -0r realpath -ez -- 2> /dev/null | grep -z "^$storeDir/" | sort -zu |
                    while IFS= read -r -d '' found; do [ ! -f "$found" ] || printf '%s\0' "$found"; done | files
            fi
        } | LC_ALL=C xargs -0r grep -lZEf "$tokens" -- 2> /dev/null || true
    )
}

# The files that a text names: what a unit starts, and the configuration that it hands over.
takeNamed() {
    local line place path
    local pattern="$storeDir/[0-9a-z]{32}-[^][:space:]\"'\`;,:|&<>(){}=\$\\\\]*"
    while IFS= read -r line; do
        case $line in =*) place=${line#=}; continue ;; esac
        while [[ $line =~ $pattern ]]; do
            path=${BASH_REMATCH[0]}
            line=${line#*"$path"}
            [ -n "${seen[$path]:-}" ] || [ ! -f "$path" ] || take "$path" "$place:$path"
            seen[$path]=1
        done
    done
}
