#!/usr/bin/env bash
# Writes anew what is made of the code: public API files, JSON Schema, tables and lists of docs/, OpenAPI document, the console's types.
# Look at the difference before you commit it: it is what others see of a change.
set -euo pipefail
cd "$(dirname "$0")/.."
python3 src/public-api.py

export FLOWENGINE_UPDATE_DOCS=1
write() { # suite, classes
  dotnet build "tests/$1" -c Release -v quiet -nologo -clp:NoSummary
  dotnet run --project "tests/$1" -c Release --no-build -- -noColor -noLogo "${@:2}"
}
write FlowEngine.Server.Tests -class '*.ErrorsDocTests' -class '*.DesignerSchemaFileTests' -method '*.OperationsDocTests.Settings_*'
src/FlowEngine.Server/bin/Release/net10.0/flowengine schema > flows/flow.schema.json
write FlowEngine.Tests -method '*.CustomActivityDocTests.Icons_*'
write FlowEngine.AspNetCore.Tests -method '*.ReferenceEndpointsTests.Document_IsThatOfTheConsole'
(cd src/console && npm run --silent types)
git status --short
