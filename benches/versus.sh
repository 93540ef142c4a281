#!/usr/bin/env bash
# Compares blackbar with other filters in the same pipe: `cat LOG | FILTER | cat >/dev/null`.
#
#     benches/versus.sh [MEGABYTES] [ROUNDS]
#
# The logs are made here, and where their secrets are is known, so that besides the speed and the memory it is told how
# many secrets a filter left, and in how many lines it changed anything else. Each other filter is given the same three rules
# (bearer tokens, JWTs, cookie values) as far as it can express them, in one careful line each.
#
# On Debian, as root, it installs what is missing, from Debian and with cargo; elsewhere it does without. What could not be
# had is told below the table. The table goes to standard output as Markdown, everything else to standard error.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2

megabytes=${1:-64}
rounds=${2:-3}
target=${CARGO_TARGET_DIR:-target}
mkdir -p "$target" && target=$(cd "$target" && pwd)
work=$target/versus
filters=$work/filters
rm -rf "$filters" "$work/results" && mkdir -p "$filters" "$work/results" "$work/home"
export LC_ALL=C PATH="$work/bin:$PATH"
notes=()

say() { printf '%s\n' "$*" >&2; }
have() { command -v "$1" >/dev/null; }

# --- what it takes ---

# installed COMMAND PACKAGE: from Debian, unless it is there.
installed() {
    have "$1" && return
    [[ -n ${updated:-} ]] || { updated=1 && apt-get update -qq; } >&2
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2" >&2
    hash -r && have "$1"
}

# built COMMAND CRATE: with cargo, unless it is there.
built() {
    have "$1" && return
    say "building $2"
    cargo install --quiet --locked --root "$work" "$2" >&2 && have "$1"
}

installed hyperfine hyperfine || built hyperfine hyperfine || { say 'no hyperfine, so no comparison'; exit 2; }
installed python3 python3 || { say 'no python3, so no table'; exit 2; }
[[ -x /usr/bin/time ]] || installed /usr/bin/time time || notes+=('no GNU time, so no memory')

cargo build --quiet --locked --release --bin blackbar --example corpora || exit 2
corpora=$target/release/examples/corpora
"$corpora" write "$work" "$megabytes" || exit 2
logs=(clean mixed dense)

# --- the filters ---

# The rules, in a syntax that most know. The cookie rule takes all that is between the key and the end of the line or
# quote: no single substitution could take the values and leave the names.
bearer='bearer [A-Za-z0-9._~+/=-]+'
jwt='eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*'
cookie_key=$'cookie[\'"]?[:=] ?[\'"]?'
cookie_values=$'[^\'"\\r\\n]+'
# All in one, for those who take one: groups 1 and 2 stay.
all="(?i:(bearer )[A-Za-z0-9._~+/=-]+|($cookie_key)$cookie_values)|$jwt"

# filter NAME WORD...: a script that becomes that command, so that nothing needs quoting twice.
order=()
filter() {
    local name=$1
    shift
    { printf '#!/usr/bin/env bash\nexec' && printf ' %q' "$@" && printf '\n'; } >"$filters/$name"
    chmod +x "$filters/$name"
    order+=("$name")
}

filter 'cat' cat
filter 'blackbar' "$target/release/blackbar"
filter 'blackbar --threads 1' "$target/release/blackbar" --threads 1
filter 'blackbar --rules all' "$target/release/blackbar" --rules all
filter 'blackbar --rules all --threads 1' "$target/release/blackbar" --rules all --threads 1

filter 'GNU sed' sed -E \
    -e 's/(bearer )[A-Za-z0-9._~+/=-]+/\1[REDACTED]/Ig' \
    -e "s/$jwt/[REDACTED]/g" \
    -e "s/($cookie_key)$cookie_values/\\1[REDACTED]/Ig"

if installed perl perl; then
    filter 'perl' perl -pe \
        "s/(bearer )[A-Za-z0-9._~+\\/=-]+/\$1\\[REDACTED]/ig; s/$jwt/[REDACTED]/g; s/($cookie_key)$cookie_values/\$1\\[REDACTED]/ig"
else
    notes+=('perl: not to be had')
fi

if installed rg ripgrep || built rg ripgrep; then
    filter 'ripgrep --passthru --replace' \
        rg --no-config --text --passthru --color never --no-line-number --replace '${1}${2}[REDACTED]' -e "$all" -
else
    notes+=('ripgrep: not to be had')
fi

if installed sd sd || built sd sd; then
    filter 'sd' sd "$all" '${1}${2}[REDACTED]'
else
    notes+=('sd: not to be had')
fi

filter 'Python re.sub, line by line' python3 "$PWD/benches/versus/line_filter.py"

if built scrubbers scrubbers; then
    # It adds these to its own signatures, and blacks out a match as a whole.
    printf '%s\n' "bearer=(?i)$bearer" "jwt=$jwt" "cookie=(?i)$cookie_key$cookie_values" >"$work/rules.scrub"
    filter 'scrubbers' scrubbers --scrub-file "$work/rules.scrub"
else
    notes+=('scrubbers: could not be built')
fi

if built sanitize rust-sanitize; then
    # It replaces a match as a whole, by something of the same category.
    yaml() { printf "%s\n" "- {kind: regex, label: $1, category: $2, pattern: '${3//\'/\'\'}'}"; }
    { yaml bearer auth_token "(?i)$bearer" && yaml jwt jwt "$jwt" &&
        yaml cookie custom:cookie "(?i)$cookie_key$cookie_values"; } >"$work/rules.yaml"
    # It keeps its settings in the home directory.
    filter 'rust-sanitize' env "HOME=$work/home" sanitize --quiet --no-baseline -s "$work/rules.yaml"
else
    notes+=('rust-sanitize: could not be built')
fi

hyperscan() {
    local library
    [[ -e /usr/include/hs/hs.h ]] || for library in libhyperscan-dev libvectorscan-dev; do
        installed /usr/include/hs/hs.h "$library"
        [[ -e /usr/include/hs/hs.h ]] && break
    done
    installed cc gcc && cc -O3 -D_GNU_SOURCE -I/usr/include/hs -o "$work/hyperscan" benches/versus/hyperscan_filter.c -lhs >&2
}
if hyperscan; then
    filter 'Hyperscan, in C' "$work/hyperscan"
else
    notes+=('Hyperscan: not to be had')
fi

# --- what they leave, and what it takes ---

for name in "${order[@]}"; do
    for log in "${logs[@]}"; do
        say "checking $name on the $log log"
        timeout 300 "$filters/$name" <"$work/$log.log" 2>/dev/null |
            "$corpora" check "$work/$log.log" "$work/$log.secrets" >"$work/results/$name.$log.found" 2>&1
        [[ -x /usr/bin/time ]] && cat "$work/$log.log" |
            /usr/bin/time -q -f %M -o "$work/results/$name.$log.memory" timeout 300 "$filters/$name" 2>/dev/null | cat >/dev/null
    done
done

# --- how fast ---

# Rounds, so that whatever else the machine does at a time falls on all of them.
for ((round = 1; round <= rounds; round++)); do
    for log in "${logs[@]}"; do
        say "round $round of $rounds: the $log log"
        args=()
        for name in "${order[@]}"; do
            args+=(--command-name "$name" "cat '$work/$log.log' | '$filters/$name' 2>/dev/null | cat >/dev/null")
        done
        hyperfine --warmup 1 --runs 3 --export-json "$work/results/$log.$round.json" "${args[@]}" >/dev/null 2>&1 || exit 2
    done
done

# --- the table ---

[[ ${#notes[@]} -gt 0 ]] && printf '%s\n' "${notes[@]}" >"$work/results/notes"
python3 - "$work" "$rounds" "${logs[@]}" -- "${order[@]}" <<'PYTHON'
import datetime, json, os, pathlib, statistics, subprocess, sys

work, rounds = pathlib.Path(sys.argv[1]), int(sys.argv[2])
split = sys.argv.index("--")
logs, filters = sys.argv[3:split], sys.argv[split + 1:]
results = work / "results"


def read(name):
    try:
        return (results / name).read_text().split()
    except OSError:
        return []


times = {}
for log in logs:
    for turn in range(1, rounds + 1):
        for one in json.loads((results / f"{log}.{turn}.json").read_text())["results"]:
            times.setdefault((one["command"], log), []).extend(one["times"])
size = {log: (work / f"{log}.log").stat().st_size for log in logs}
rate = {key: size[key[1]] / statistics.median(seconds) / 1e6 for key, seconds in times.items()}

rows, planted, lines = [], 0, 0
for name in filters:
    found = [read(f"{name}.{log}.found") for log in logs]
    if all(len(one) == 4 and one[0].isdigit() for one in found):
        left, planted, damaged, lines = (sum(int(one[k]) for one in found) for k in range(4))
        judged = [f"{left:,}", f"{damaged:,}"]
    else:
        judged = ["lines lost", ""]
    memory = [int(one[-1]) / 1024 for one in (read(f"{name}.{log}.memory") for log in logs) if one]
    cells = [f"{rate[name, log]:,.0f} ({rate[name, log] / rate['cat', log]:.2f})" for log in logs]
    rows.append([name, *cells, f"{max(memory):.0f}" if memory else "", *judged])

cpu = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "unknown CPU")
head = ["filter", *(f"{log}, MB/s (of `cat`)" for log in logs), "peak MiB", f"secrets left of {planted:,}", f"lines damaged of {lines:,}"]
print(f"{datetime.date.today()}, {cpu}, {os.cpu_count()} cores, Linux {os.uname().release.split('-')[0]}, "
      f"logs of {size[logs[0]] / 1e6:.0f} MB, median of {len(times['cat', logs[0]])} runs\n")
print("| " + " | ".join(head) + " |")
print("|---" + "|---:" * (len(head) - 1) + "|")
for row in rows:
    print("| " + " | ".join(row) + " |")
notes = results / "notes"
if notes.exists():
    print("\n" + notes.read_text().strip())
PYTHON
