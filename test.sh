#!/usr/bin/env bash
# Installs what the tests need, builds everything, and runs all tests. The last line is "N passed, N failed, N skipped" over all suites.
#   ./test.sh              everything
#   ./test.sh FlowEngine   only the test projects whose name contains the word
#   ./test.sh console      only those of the console that need no browser
#   ./test.sh --one-by-one everything, no two suites at the same time
set -uo pipefail
cd "$(dirname "$0")"
one_by_one=""
if [ "${1:-}" = "--one-by-one" ]; then one_by_one=yes; shift; fi
only="${1:-}"

# Debian packages by the command that shows they are there. PostgreSQL and MariaDB run as private servers in temporary folders.
need() { # command package
  command -v "$1" >/dev/null 2>&1 || compgen -G "/usr/lib/postgresql/*/bin/$1" >/dev/null || compgen -G "/usr/sbin/$1" >/dev/null || missing+=("$2")
}
missing=()
need postgres postgresql
need mariadbd mariadb-server
need pgbouncer pgbouncer
need node nodejs
need npm npm
need chromium chromium
need python3 python3
need faketime faketime
ldconfig -p 2>/dev/null | grep -q libicuuc || missing+=(libicu-dev) # SQL Server's driver needs culture data
if [ ${#missing[@]} -gt 0 ]; then
  echo "Installing ${missing[*]}"
  # policy-rc.d keeps the packages' own services from starting: the tests start their own.
  sudo=""; [ "$(id -u)" -eq 0 ] || sudo="sudo"
  $sudo apt-get update -qq && $sudo env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null || exit 1
fi
for package in tests/*/package.json; do
  [ -f "$package" ] || continue
  (cd "$(dirname "$package")" && npm ci --no-audit --no-fund --silent) || exit 1
done

passed=0 failed=0 skipped=0

# The console's types and what of it needs no browser. The build of the server builds the console itself.
if [[ "console" == *"$only"* ]]; then
  echo "== console"
  (cd src/console && npm ci --no-audit --no-fund --silent && npm run --silent check) || exit 1
  report=$(mktemp)
  (cd src/console && npx --no-install vitest run --reporter=default --reporter=json --outputFile.json="$report")
  status=$?
  counts=$(node -e 'const r = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")); console.log(r.numPassedTests, r.numFailedTests + r.testResults.filter((f) => f.status === "failed" && !f.assertionResults.length).length, r.numPendingTests + r.numTodoTests)' "$report" 2>/dev/null)
  rm -f "$report"
  if [ -z "$counts" ]; then
    echo "The console's tests ended without a summary (exit code $status)"
    failed=$((failed + 1))
  else
    read -r good bad skip <<<"$counts"
    passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + skip))
    if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
      echo "The console's tests ended with exit code $status"
      failed=$((failed + 1))
    fi
  fi
fi

# One compiler for all projects, and none left behind.
dotnet build FlowEngine.slnx -c Release -v quiet -nologo -clp:NoSummary -p:UseSharedCompilation=true || exit 1
dotnet build-server shutdown --vbcscompiler >/dev/null 2>&1

# The suites wait more than they work (processes start, browsers draw, leases end), so lanes of them run side by side, each about as long as
# the others. A lane's suites are shown as each ends; --one-by-one runs them all in one lane.
reports=$(mktemp -d)
trap 'rm -rf "$reports"' EXIT

run_suite() { # name
  local began=$SECONDS log="$reports/$1.running"
  dotnet run --project "tests/$1" -c Release --no-build -- -noColor -noLogo >"$log" 2>&1
  echo "exit code $?" >>"$log"
  mv "$log" "$reports/$1.log"
  (flock 9; echo "== $1 ($((SECONDS - began)) s)"; cat "$reports/$1.log") 9>"$reports/lock"
}
run_lane() { for suite in "$@"; do run_suite "$suite"; done; }

library=() program=() browsers=()
for project in tests/*.Tests; do
  name=$(basename "$project")
  [[ "$name" == *"$only"* ]] || continue
  case "$name" in
    *.Browser.Tests | *.Console.Tests) browsers+=("$name") ;;
    *.Server.Tests | *.Storage.Tests | *.Database.Tests) program+=("$name") ;;
    *) library+=("$name") ;;
  esac
done
if [ -n "$one_by_one" ]; then
  run_lane "${library[@]}" "${program[@]}" "${browsers[@]}"
else
  run_lane "${library[@]}" & run_lane "${program[@]}" & run_lane "${browsers[@]}" &
  wait
fi

for name in "${library[@]}" "${program[@]}" "${browsers[@]}"; do
  log="$reports/$name.log"
  status=$(tail -n 1 "$log" | grep -oE '[0-9]+')
  summary=$(grep -oE 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+, Not Run: [0-9]+' "$log" | tail -n 1)
  if [ -z "$summary" ]; then
    echo "$name ended without a summary (exit code $status)"
    failed=$((failed + 1))
    continue
  fi
  read -r total errors bad skip unrun <<<"$(grep -oE '[0-9]+' <<<"$summary" | tr '\n' ' ')"
  passed=$((passed + total - bad - skip - unrun)) failed=$((failed + bad + errors)) skipped=$((skipped + skip))
  if [ "$status" -ne 0 ] && [ $((bad + errors)) -eq 0 ]; then
    echo "$name ended with exit code $status"
    failed=$((failed + 1))
  fi
done

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
