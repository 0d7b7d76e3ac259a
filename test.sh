#!/usr/bin/env bash
# Installs what the tests need, builds everything, and runs all tests. The last line is "N passed, N failed, N skipped" over all suites.
#   ./test.sh              everything
#   ./test.sh --quick      formatting, types, and the suites that need no server, without what is slow: on two cores, less than 90 seconds
#   ./test.sh unit         formatting, types, and the suites that need no database of another process, no browser and no cluster
#   ./test.sh database     those of the Database connector and of storage
#   ./test.sh browser      the pages that people sign in with, and the console
#   ./test.sh cluster      programs that are started, killed and frozen, alone and as nodes of a cluster
#   ./test.sh FlowEngine   the suites whose name contains the word; "console" is the console's own, which needs no browser
#   ./test.sh --one-by-one everything, no two suites at the same time
# FLOWENGINE_TEST_CASES=all runs all seeds of the generated cases, five times as many.
# unit, database, browser and cluster together are everything.
set -uo pipefail
cd "$(dirname "$0")"
# Hundreds of programs start and end: what each would learn of itself for the time after is not worth it.
export DOTNET_TieredPGO=0
one_by_one="" quick="" only=""
for word in "$@"; do
  case "$word" in
    --one-by-one) one_by_one=yes ;;
    --quick) quick=yes ;;
    -*) sed -n '3,12s/^# *//p' "$0"; exit 2 ;;
    *) only="$word" ;;
  esac
done

# A suite may be in two jobs, each with a part of its tests: what follows a colon is said to the suite.
library=(FlowEngine.Tests FlowEngine.ElsaFormat.Tests Activities.HttpConnector.Tests)
database=(Activities.Database.Tests FlowEngine.Storage.Tests)
server=(FlowEngine.AspNetCore.Tests FlowEngine.Server.Tests)
browser=(FlowEngine.Browser.Tests FlowEngine.Console.Tests)
lanes=() filter=() console="" format=""
in_one_lane() { lanes+=("$*"); }
case "${quick:+--quick}$only" in
  --quick) in_one_lane "${library[@]}"; filter=(-trait- Category=slow); console=yes; format=yes ;;
  unit) in_one_lane "${library[@]}"; in_one_lane "${server[@]}"; filter=(-trait- Category=cluster); console=yes; format=yes ;;
  database) for suite in "${database[@]}"; do in_one_lane "$suite"; done ;;
  browser) for suite in "${browser[@]}"; do in_one_lane "$suite"; done ;;
  cluster) for suite in "${server[@]}"; do in_one_lane "$suite"; done; filter=(-trait Category=cluster) ;;
  "") # The suites wait more than they work (processes start, browsers draw, leases end): side by side, in lanes that are about as long.
    in_one_lane "${library[@]}" FlowEngine.AspNetCore.Tests
    in_one_lane "${database[@]}" FlowEngine.Server.Tests
    in_one_lane "${browser[@]}"
    console=yes format=yes ;;
  console) console=yes ;;
  *)
    for suite in tests/*"$only"*.Tests; do [ -d "$suite" ] && in_one_lane "$(basename "$suite")"; done
    [ ${#lanes[@]} -gt 0 ] || { echo "There is no suite with \"$only\" in its name."; exit 2; } ;;
esac
# A suite that stands in no job would never be run.
for suite in tests/*.Tests; do
  [[ " ${library[*]} ${database[*]} ${server[*]} ${browser[*]} " == *" $(basename "$suite") "* ]] && continue
  echo "$suite is in no job of test.sh."
  exit 1
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
  need chromium chromium
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

passed=0 failed=0 skipped=0

if [ -n "$format" ]; then
  echo "== formatting"
  if ! { dotnet tool restore >/dev/null && dotnet csharpier check . --log-level Warning; }; then
    echo "\`dotnet csharpier format .\` mends it."
    failed=$((failed + 1))
  fi
fi

# The console's types and what of it needs no browser. The build of the server builds the console itself.
if [ -n "$console" ]; then
  echo "== console"
  # Installed as a whole only where it is not: the build of the server takes what is there, too.
  [ -f src/console/node_modules/.package-lock.json ] && [ -n "$quick" ] || install src/console
  if ! src/console/node_modules/.bin/biome ci --colors=off --log-level=error; then
    echo "\`src/console/node_modules/.bin/biome format --write\` mends it."
    failed=$((failed + 1))
  fi
  (cd src/console && npm run --silent check) || exit 1
  report=$(mktemp)
  (cd src/console && npx --no-install vitest run --reporter=default --reporter=json --outputFile.json="$report")
  status=$?
  counts=$(node -e '
    const r = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
    const broken = r.testResults.filter((file) => file.status === "failed" && !file.assertionResults.length);
    console.log(r.numPassedTests, r.numFailedTests + broken.length, r.numPendingTests + r.numTodoTests);
  ' "$report" 2>/dev/null)
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
build() { dotnet build "$1" -c Release -v quiet -nologo -clp:NoSummary -p:UseSharedCompilation=true || exit 1; }
if [ -n "$quick" ]; then
  for suite in "${library[@]}"; do build "tests/$suite"; done
elif [ ${#lanes[@]} -gt 0 ]; then
  build FlowEngine.slnx
fi
dotnet build-server shutdown --vbcscompiler >/dev/null 2>&1

# A suite's output is shown when it ends.
reports=$(mktemp -d)
trap 'rm -rf "$reports"' EXIT

run_suite() { # name
  local began=$SECONDS log="$reports/$1.running"
  dotnet run --project "tests/$1" -c Release --no-build -- -noColor -noLogo "${filter[@]}" >"$log" 2>&1
  echo "exit code $?" >>"$log"
  mv "$log" "$reports/$1.log"
  (flock 9; echo "== $1 ($((SECONDS - began)) s)"; cat "$reports/$1.log") 9>"$reports/lock"
}
run_lane() { for suite in "$@"; do run_suite "$suite"; done; }

# The names hold no blanks.
# shellcheck disable=SC2086
for lane in "${lanes[@]}"; do
  if [ -n "$one_by_one" ]; then run_lane $lane; else run_lane $lane & fi
done
wait

for name in ${lanes[*]}; do
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
