#!/usr/bin/env bash
# Writes anew what is made of the code: public API files, JSON Schema, tables and lists of docs/, OpenAPI document, the console's types.
# Look at the difference before you commit it: it is what others see of a change.
set -euo pipefail
cd "$(dirname "$0")/.."
python3 src/public-api.py

export FLOWENGINE_UPDATE_DOCS=1
write() { # suite, tests
  dotnet build "tests/$1" -c Release -v quiet -nologo -clp:NoSummary
  local tests=()
  for test in "${@:2}"; do tests+=(-method "*.$test"); done
  dotnet run --project "tests/$1" -c Release --no-build -- -noColor -noLogo "${tests[@]}"
}
write FlowEngine.Server.Tests 'ErrorsDocTests.*' 'DesignerSchemaFileTests.*' 'OperationsDocTests.Settings_*' 'ManagementApiReferenceTests.*'
src/FlowEngine.Server/bin/Release/net10.0/flowengine schema > flows/flow.schema.json
write FlowEngine.Tests 'CustomActivityDocTests.Icons_*'
write FlowEngine.AspNetCore.Tests 'ReferenceEndpointsTests.Document_IsThatOfTheConsole'
(cd src/console && npm run --silent types)
git status --short
