#!/usr/bin/env bash
# Installs what the tests need, builds everything, and runs all tests. The last line is "N passed, N failed, N skipped" over all suites.
#   ./test.sh              everything
#   ./test.sh --quick      formatting, types, and the suites that need no server, without what is slow: on two cores, less than 90 seconds
#   ./test.sh unit         formatting, types, and the suites that need no database of another process, no browser and no cluster
#   ./test.sh database     those of the Database connector and of storage
#   ./test.sh browser      the pages that people sign in with, and the console
#   ./test.sh cluster      programs that are started, killed and frozen, alone and as nodes of a cluster
#   ./test.sh elsa         our activities in Elsa itself, whose packages are in the folder or at the address that ELSA_FEED names
#   ./test.sh FlowEngine   the suites whose name contains the word; "console" is the console's own, which needs no browser
#   ./test.sh --one-by-one everything, no two suites at the same time
# FLOWENGINE_TEST_CASES=all runs all seeds of the generated cases, five times as many.
# unit, database, browser, cluster and elsa together are everything.
set -uo pipefail
cd "$(dirname "$0")"
# Hundreds of programs start and end: what each would learn of itself for the time after is not worth it, nor is a second mapping of the
# code it compiles, by which no attacker could write into it.
export DOTNET_TieredPGO=0 DOTNET_EnableWriteXorExecute=0
one_by_one="" quick="" only=""
for word in "$@"; do
  case "$word" in
    --one-by-one) one_by_one=yes ;;
    --quick) quick=yes ;;
    -*) sed -n '3,13s/^# *//p' "$0"; exit 2 ;;
    *) only="$word" ;;
  esac
done

# A suite may be in two jobs, each with a part of its tests: what follows a colon is said to the suite.
library=(FlowEngine.Tests FlowEngine.ElsaFormat.Tests FlowEngine.Elsa.Tests Activities.HttpConnector.Tests)
database=(Activities.Database.Tests FlowEngine.Storage.Tests)
server=(FlowEngine.AspNetCore.Tests FlowEngine.Server.Tests)
browser=(FlowEngine.Browser.Tests FlowEngine.Console.Tests)
elsa=(FlowEngine.Elsa.HostTests)
# The longest come first, so that none is left for the end.
everything=(FlowEngine.Server.Tests FlowEngine.AspNetCore.Tests FlowEngine.Console.Tests FlowEngine.Tests Activities.HttpConnector.Tests
  FlowEngine.Browser.Tests FlowEngine.Elsa.HostTests Activities.Database.Tests FlowEngine.Storage.Tests FlowEngine.ElsaFormat.Tests
  FlowEngine.Elsa.Tests)
suites=() filter=() checks=()
case "${quick:+--quick}$only" in
  --quick) suites=("${library[@]}"); filter=(-trait- Category=slow); checks=(console formatting) ;;
  unit) suites=("${server[@]}" "${library[@]}"); filter=(-trait- Category=cluster); checks=(console formatting) ;;
  database) suites=("${database[@]}") ;;
  browser) suites=("${browser[@]}") ;;
  cluster) suites=("${server[@]}"); filter=(-trait Category=cluster) ;;
  elsa) suites=("${elsa[@]}") ;;
  "") suites=("${everything[@]}"); checks=(console formatting) ;;
  console) checks=(console) ;;
  *)
    for suite in "${everything[@]}"; do [[ "$suite" == *"$only"* ]] && suites+=("$suite"); done
    [ ${#suites[@]} -gt 0 ] || { echo "There is no suite with \"$only\" in its name."; exit 2; } ;;
esac
# A suite that stands in no job would never be run.
jobs=" ${library[*]} ${database[*]} ${server[*]} ${browser[*]} ${elsa[*]} "
for suite in tests/*Tests; do
  name=$(basename "$suite")
  [[ " ${everything[*]} " == *" $name "* && "$jobs" == *" $name "* ]] && continue
  echo "$suite is in no job of test.sh."
  exit 1
done

# What is built against Elsa itself needs its packages. How many cases are left out without them stands in a file: nothing is built then.
passed=0 failed=0 skipped=0 in_elsa=""
for suite in "${elsa[@]}"; do
  [[ " ${suites[*]} " == *" $suite "* ]] || continue
  if [ -n "${ELSA_FEED:-}" ]; then
    in_elsa="$in_elsa $suite"
  else
    for i in "${!suites[@]}"; do [ "${suites[i]}" = "$suite" ] && unset "suites[i]"; done
    skipped=$((skipped + $(cat "tests/$suite/cases")))
    echo "Elsa host: not run, set ELSA_FEED"
  fi
done

# Debian packages by the command that shows they are there. PostgreSQL and MariaDB run as private servers in temporary folders.
need() { # command package
  command -v "$1" >/dev/null 2>&1 || compgen -G "/usr/lib/postgresql/*/bin/$1" >/dev/null || compgen -G "/usr/sbin/$1" >/dev/null || missing+=("$2")
}
missing=()
need node nodejs
need npm npm
if [ -z "$quick" ]; then
  need postgres postgresql
  need mariadbd mariadb-server
  need pgbouncer pgbouncer
  need nginx nginx-light
  need openssl openssl
  need chromium-headless-shell chromium-headless-shell
  need python3 python3
  need faketime faketime
  ldconfig -p 2>/dev/null | grep -q libicuuc || missing+=(libicu-dev) # SQL Server's driver needs culture data
fi
if [ ${#missing[@]} -gt 0 ]; then
  echo "Installing ${missing[*]}"
  # policy-rc.d keeps the packages' own services from starting: the tests start their own.
  sudo=""; [ "$(id -u)" -eq 0 ] || sudo="sudo"
  $sudo apt-get update -qq &&
    $sudo env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
    exit 1
fi
install() { (cd "$1" && npm ci --no-audit --no-fund --silent) || exit 1; }
if [ -z "$quick" ]; then
  for package in tests/*/package.json; do [ -f "$package" ] && install "$(dirname "$package")"; done
fi

# Installed as a whole only where it is not: the build of the server takes what is there, too, and builds the console itself.
if [ ${#checks[@]} -gt 0 ] && ! { [ -f src/console/node_modules/.package-lock.json ] && [ -n "$quick" ]; }; then
  install src/console
fi

# One compiler for all projects, also for what tests build, and none left behind.
reports=$(mktemp -d) built=""
trap 'rm -rf "$reports"; [ -z "$built" ] || dotnet build-server shutdown --vbcscompiler >/dev/null 2>&1' EXIT
export UseSharedCompilation=true
build() { # project options
  built=yes
  dotnet build "$@" -c Release -v quiet -nologo -clp:NoSummary || exit 1
}
if [ -n "$quick" ]; then
  for suite in "${library[@]}"; do build "tests/$suite"; done
elif [ "${suites[*]}" != "${in_elsa# }" ]; then
  build FlowEngine.slnx
fi
# After the solution, which holds src/FlowEngine.Elsa in its other form.
for suite in $in_elsa; do build "tests/$suite" -p:ElsaReferences=packages; done
# Where programs that are started by their own name find the runtime.
if [ -z "${DOTNET_ROOT:-}" ]; then
  DOTNET_ROOT=$(dotnet --list-runtimes | sed -n 's/^Microsoft\.NETCore\.App .* \[\(.*\)\/shared\/.*/\1/p' | tail -n 1)
  export DOTNET_ROOT
fi

# Each part says what it has to say, and leaves "passed failed skipped" in the file that it is given.
check_formatting() { # file
  if dotnet tool restore >/dev/null && dotnet csharpier check . --log-level Warning; then
    echo "0 0 0" >"$1"
  else
    echo "\`dotnet csharpier format .\` mends it."
    echo "0 1 0" >"$1"
  fi
}

# The console's types and what of it needs no browser.
check_console() { # file
  local wrong=0 report status counts good bad skip
  if ! src/console/node_modules/.bin/biome ci --colors=off --log-level=error; then
    echo "\`src/console/node_modules/.bin/biome format --write\` mends it."
    wrong=$((wrong + 1))
  fi
  (cd src/console && npm run --silent check) || wrong=$((wrong + 1))
  report="$reports/vitest.json"
  (cd src/console && npx --no-install vitest run --reporter=default --reporter=json --outputFile.json="$report")
  status=$?
  counts=$(node -e '
    const r = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
    const broken = r.testResults.filter((file) => file.status === "failed" && !file.assertionResults.length);
    console.log(r.numPassedTests, r.numFailedTests + broken.length, r.numPendingTests + r.numTodoTests);
  ' "$report" 2>/dev/null)
  if [ -z "$counts" ]; then
    echo "The console's tests ended without a summary (exit code $status)"
    counts="0 1 0"
  fi
  read -r good bad skip <<<"$counts"
  if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
    echo "The console's tests ended with exit code $status"
    wrong=$((wrong + 1))
  fi
  echo "$good $((bad + wrong)) $skip" >"$1"
}

run_suite() { # name file
  local status summary total errors bad skip unrun
  "tests/$1/bin/Release/net10.0/$1" -noColor -noLogo "${filter[@]}" | tee "$reports/$1.output"
  status=${PIPESTATUS[0]}
  summary=$(grep -oE 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+, Not Run: [0-9]+' "$reports/$1.output" | tail -n 1)
  if [ -z "$summary" ]; then
    echo "$1 ended without a summary (exit code $status)"
    echo "0 1 0" >"$2"
    return
  fi
  read -r total errors bad skip unrun <<<"$(grep -oE '[0-9]+' <<<"$summary" | tr '\n' ' ')"
  if [ "$status" -ne 0 ] && [ $((bad + errors)) -eq 0 ]; then
    echo "$1 ended with exit code $status"
    errors=1
  fi
  if [ -f "tests/$1/cases" ] && [ "$total" -ne "$(cat "tests/$1/cases")" ]; then
    echo "tests/$1/cases says $(cat "tests/$1/cases"), but there are $total: write that."
    errors=$((errors + 1))
  fi
  echo "$((total - bad - skip - unrun)) $((bad + errors)) $skip" >"$2"
}

run_part() { # name
  local began=$SECONDS log="$reports/$1.log" counts="$reports/$1.counts"
  case "$1" in
    formatting) check_formatting "$counts" ;;
    console) check_console "$counts" ;;
    *) run_suite "$1" "$counts" ;;
  esac >"$log" 2>&1
  # What it said is shown when it has ended.
  (flock 9; echo "== $1 ($((SECONDS - began)) s)"; cat "$log") 9>"$reports/shown"
}

# Whoever is done takes the next part. There is one more of them than there are processors, because suites wait, too: for programs that
# start, for browsers that draw, for leases that end.
parts=("${suites[@]}" "${checks[@]}")
printf '%s\n' "${parts[@]}" >"$reports/queue"
take() { (flock 8; head -n 1 "$reports/queue"; sed -i 1d "$reports/queue") 8>"$reports/taken"; }
work() {
  local part
  while part=$(take) && [ -n "$part" ]; do run_part "$part"; done
}
if [ -n "$one_by_one" ]; then
  work
else
  for ((worker = 0; worker <= $(nproc); worker++)); do work & done
  wait
fi

for part in "${parts[@]}"; do
  if ! read -r good bad skip 2>/dev/null <"$reports/$part.counts"; then
    echo "$part ended without a summary"
    good=0 bad=1 skip=0
  fi
  passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + skip))
done

# What failed is told once more: before it stands what all parts said.
if [ "$failed" -gt 0 ]; then
  for part in "${parts[@]}"; do
    read -r good bad skip <"$reports/$part.counts" 2>/dev/null && [ "$bad" -eq 0 ] && continue
    echo "== what failed in $part"
    grep -A 15 -E '\[FAIL\]| FAIL |ended with|says [0-9]+, but|mends it|error ' "$reports/$part.log" | cut -c1-400 | head -n 80
  done
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
