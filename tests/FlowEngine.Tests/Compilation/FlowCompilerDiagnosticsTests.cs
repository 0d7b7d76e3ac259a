using System.Text;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Model;

namespace FlowEngine.Tests.Compilation;

/// <summary>What is refused and warned of (SPEC 3): the flow, the code, the place.</summary>
public sealed class FlowCompilerDiagnosticsTests
{
    /// <summary>Codes that this table is not about: those of runs and golden cases, of Elsa files (ElsaReaderTests), of files
    /// (JsonFileTests), of runs of scripts (their own tests), and of connectors.</summary>
    private static readonly string[] Elsewhere =
    [
        "flow.json",
        "flow.file",
        "flow.duplicate_key",
        "flow.file_kind",
        "foreach.items_missing",
        "foreach.items_type",
        "foreach.too_many",
        "foreach.stopped",
        "template.missing",
        "flow.waits",
        "flow.budget",
        "template.input",
        "template.forbidden",
        "script.error",
        "script.busy",
        "script.limit",
        "script.result",
        "claims.value",
        "password.hash",
        "password.busy",
        "connector.unknown_type",
        "connector.secret_missing",
        "connector.setting",
        "connector.static_ips",
        "flow.connector_disabled",
        "flow.no_branch",
        "flow.step_limit",
        "user.no_id",
        "user.bad_id",
        "activity.unexpected",
    ];

    private static readonly (string Code, string Pointer, string Json)[] Table =
    [
        // Shape.
        ("flow.type", "", "[]"),
        ("flow.type", "/activities", """{ "id": "f", "start": "a", "activities": {} }"""),
        ("flow.type", "/activities/0", """{ "id": "f", "start": "a", "activities": [ 1 ] }"""),
        ("flow.type", "/activities/0/id", """{ "id": "f", "start": "a", "activities": [ { "id": 1, "type": "End" } ] }"""),
        ("flow.type", "/name", """{ "id": "f", "name": [], "start": "a", "activities": [ { "id": "a", "type": "End" } ] }"""),
        ("flow.type", "/connections/0", Flow("""{ "id": "a", "type": "End" }""", connections: "null, 1")),
        ("flow.type", "/screens/0/title", Flow("""{ "id": "a", "type": "End" }""", screens: """{ "id": "s", "title": 1 }""")),
        ("flow.type", "/screens/0/components", Flow("""{ "id": "a", "type": "End" }""", screens: """{ "id": "s", "components": {} }""")),
        (
            "flow.type",
            "/screens/0/components/0",
            Flow("""{ "id": "a", "type": "End" }""", screens: """{ "id": "s", "components": [ 1 ] }""")
        ),
        ("flow.type", "/activities/0/screen", Flow("""{ "id": "a", "type": "Screen", "screen": {} }""")),
        ("flow.type", "/activities/0/claims", Flow("""{ "id": "a", "type": "CustomClaims", "claims": "{{user}}" }""")),
        (
            "flow.type",
            "/activities/0/errorHandling",
            Flow("""{ "id": "a", "type": "Scriptlet", "code": "1", "errorHandling": "custom" }""")
        ),
        (
            "flow.type",
            "/activities/0/errorHandling/Scriptlet Failed/message",
            Flow("""{ "id": "a", "type": "Scriptlet", "code": "1", "errorHandling": { "Scriptlet Failed": { "message": 1 } } }""")
        ),
        ("flow.type", "/inputs/x", Flow("""{ "id": "a", "type": "End" }""", more: """ "inputs": { "x": "string" } """)),
        ("flow.type", "/requirePkce", Flow("""{ "id": "a", "type": "End" }""", more: """ "requirePkce": "false" """)),
        ("flow.type", "/reference", Flow("""{ "id": "a", "type": "End" }""", more: """ "reference": [ "{{form.email}}" ] """)),
        ("flow.value", "/reference", Flow("""{ "id": "a", "type": "End" }""", more: """ "reference": "the same" """)),
        ("flow.type", "/redirectUris", Flow("""{ "id": "a", "type": "End" }""", more: """ "redirectUris": "https://example.com" """)),
        ("flow.type", "/locales/de", Flow("""{ "id": "a", "type": "End" }""", more: """ "locales": { "de": 1 } """)),
        ("flow.type", "/tokens/audience", Flow("""{ "id": "a", "type": "End" }""", more: """ "tokens": { "audience": 1 } """)),
        ("flow.required", "/id", """{ "start": "a", "activities": [ { "id": "a", "type": "End" } ] }"""),
        ("flow.required", "/start", """{ "id": "f", "activities": [ { "id": "a", "type": "End" } ] }"""),
        ("flow.required", "/activities", """{ "id": "f", "start": "a", "activities": [] }"""),
        ("flow.required", "/activities/0/type", Flow("""{ "id": "a" }""")),
        ("flow.required", "/activities/0/screen", Flow("""{ "id": "a", "type": "Screen" }""")),
        ("flow.required", "/activities/0/screen", Flow("""{ "id": "a", "type": "Screen", "screen": "" }""")),
        ("flow.required", "/activities/0/user/userId", Flow("""{ "id": "a", "type": "SetUser", "user": {} }""")),
        ("flow.required", "/activities/0/branches", Flow("""{ "id": "a", "type": "Condition", "branches": [] }""")),
        (
            "flow.required",
            "/connections/0/port",
            Flow("""{ "id": "a", "type": "End" }""", connections: """{ "source": "a", "target": "a" }""")
        ),
        (
            "flow.required",
            "/screens/0/components/0/name",
            Flow("""{ "id": "a", "type": "End" }""", screens: """{ "id": "s", "components": [ { "type": "TextInput" } ] }""")
        ),
        (
            "flow.required",
            "/screens/0/components/0/id",
            Flow("""{ "id": "a", "type": "End" }""", screens: """{ "id": "s", "components": [ { "type": "Button" } ] }""")
        ),
        (
            "flow.required",
            "/screens/0/components/0/options",
            Flow("""{ "id": "a", "type": "End" }""", screens: """{ "id": "s", "components": [ { "type": "Select", "name": "x" } ] }""")
        ),
        ("flow.value", "/durability", Flow("""{ "id": "a", "type": "End" }""", more: """ "durability": "never" """)),
        ("flow.value", "/expiresAfter", Flow("""{ "id": "a", "type": "End" }""", more: """ "expiresAfter": "1 hour" """)),
        ("flow.value", "/expiresAfter", Flow("""{ "id": "a", "type": "End" }""", more: """ "expiresAfter": "PT0S" """)),
        (
            "flow.value",
            "/redirectUris/0",
            Flow("""{ "id": "a", "type": "End" }""", more: """ "redirectUris": [ "javascript:alert(1)" ] """)
        ),
        (
            "flow.value",
            "/redirectUris/0",
            Flow("""{ "id": "a", "type": "End" }""", more: """ "redirectUris": [ "https://example.com/#f" ] """)
        ),
        ("flow.value", "/inputs/x/type", Flow("""{ "id": "a", "type": "End" }""", more: """ "inputs": { "x": { "type": "date" } } """)),
        (
            "flow.value",
            "/screens/0/components/0/type",
            Flow("""{ "id": "a", "type": "End" }""", screens: """{ "id": "s", "components": [ { "type": "Buton" } ] }""")
        ),
        (
            "flow.value",
            "/activities/0/errorHandling/Oops",
            Flow("""{ "id": "a", "type": "Scriptlet", "code": "1", "errorHandling": { "Oops": "custom" } }""")
        ),
        (
            "flow.value",
            "/activities/0/errorHandling/Scriptlet Failed",
            Flow("""{ "id": "a", "type": "Scriptlet", "code": "1", "errorHandling": { "Scriptlet Failed": "retry" } }""")
        ),
        (
            "flow.value",
            "/activities/0/errorHandling/Scriptlet Failed/mode",
            Flow("""{ "id": "a", "type": "Scriptlet", "code": "1", "errorHandling": { "Scriptlet Failed": { "mode": "retry" } } }""")
        ),
        ("flow.range", "/tokens/sessionMinutes", Flow("""{ "id": "a", "type": "End" }""", more: """ "tokens": { "sessionMinutes": 0 } """)),
        (
            "flow.range",
            "/activities/0/timeout",
            Flow("""{ "id": "a", "type": "GenericHttp", "connector": "profile-api", "timeout": 61 }""")
        ),
        (
            "flow.unknown_setting",
            "/activities/0/scren",
            Flow("""{ "id": "a", "type": "Screen", "scren": "s", "screen": "s" }""", screens: """{ "id": "s" }""")
        ),
        ("flow.value", "/access", Flow("""{ "id": "a", "type": "End" }""", more: """ "access": "everybody" """)),
        ("flow.type", "/undeclaredInputs", Flow("""{ "id": "a", "type": "End" }""", more: """ "undeclaredInputs": "yes" """)),
        ("flow.type", "/inputs/x/sensitive", Flow("""{ "id": "a", "type": "End" }""", more: """ "inputs": { "x": { "sensitive": 1 } } """)),
        ("flow.undeclared_inputs", "/undeclaredInputs", Flow("""{ "id": "a", "type": "End" }""", more: """ "undeclaredInputs": true """)),
        (
            "flow.subflow_input",
            "/activities/0/inputs/nope",
            Flow("""{ "id": "a", "type": "Subflow", "flow": "confirm", "inputs": { "email": "x", "nope": 1 } }""")
        ),
        // Inputs that nobody declares.
        (
            "path.unknown",
            "/activities/0/outputs/x",
            Flow(
                """{ "id": "a", "type": "End", "outputs": { "x": "{{client.emial ?? \"\"}}" } }""",
                more: """ "inputs": { "email": {} } """
            )
        ),
        (
            "path.unknown",
            "/activities/0/branches/0/rules/0/key",
            Flow(
                """{ "id": "a", "type": "Condition", "branches": [ { "outcome": "x", "rules": [ { "key": "client[\"x y\"].z","""
                    + """ "operator": "empty" } ] } ] }"""
            )
        ),
        (
            "path.unknown",
            "/activities/0/branches/0/rules/0/script",
            Flow(
                """{ "id": "a", "type": "Condition", "branches": [ { "outcome": "x","""
                    + """ "rules": [ { "script": "client.x > 1 || client['y']" } ] } ] }"""
            )
        ),
        (
            "path.unknown",
            "/screens/0/components/0/text",
            Flow(
                """{ "id": "a", "type": "End" }""",
                screens: """{ "id": "s", "components": [ { "type": "Text", "text": "Hello {{client.name}}" } ] }"""
            )
        ),
        // Paths: PathChecksTests has more.
        ("path.unknown", "/activities/0/outputs/x", Flow("""{ "id": "a", "type": "End", "outputs": { "x": "{{scripts.x ?? 1}}" } }""")),
        ("path.maybe", "/activities/0/outputs/x", Flow("""{ "id": "a", "type": "End", "outputs": { "x": "{{user.email}}" } }""")),
        // Limits.
        (
            "flow.required",
            "/activities/0/limit/key",
            Flow(
                """{ "id": "a", "type": "Condition", "branches": [ { "outcome": "x", "rules": [ { "script": "1" } ] } ],"""
                    + """ "limit": { "tries": 3 } }"""
            )
        ),
        (
            "flow.range",
            "/activities/0/limit/tries",
            Flow("""{ "id": "a", "type": "VerifyPassword", "password": "x", "hash": "x", "limit": { "key": "{{form.a}}", "tries": 0 } }""")
        ),
        (
            "flow.value",
            "/activities/0/limit/window",
            Flow(
                """{ "id": "a", "type": "VerifyPassword", "password": "x", "hash": "x", "limit": { "key": "{{form.a}}","""
                    + """ "window": "P2D" } }"""
            )
        ),
        (
            "flow.value",
            "/activities/0/branches/0/outcome",
            Flow(
                """{ "id": "a", "type": "Condition", "branches": [ { "outcome": "Locked", "rules": [ { "script": "1" } ] } ],"""
                    + """ "limit": { "key": "{{form.a}}" } }"""
            )
        ),
        (
            "flow.unconnected",
            "/activities/0",
            Flow(
                """{ "id": "a", "type": "VerifyPassword", "password": "x", "hash": "x", "limit": { "key": "{{form.a}}" } },"""
                    + """ { "id": "e", "type": "End" }""",
                connections: """{ "source": "a", "port": "Match", "target": "e" }, { "source": "a", "port": "No Match", "target": "e" }"""
            )
        ),
        (
            "limit.key",
            "/activities/0/limit/key",
            Flow("""{ "id": "a", "type": "VerifyPassword", "password": "x", "hash": "x", "limit": { "key": "all" } }""")
        ),
        (
            "flow.range",
            "/activities/0/maxSubmits",
            Flow("""{ "id": "a", "type": "Screen", "screen": "s", "maxSubmits": 0 }""", screens: """{ "id": "s" }""")
        ),
        // Ids.
        ("flow.id", "/id", """{ "id": "../f", "start": "a", "activities": [ { "id": "a", "type": "End" } ] }"""),
        ("flow.id", "/activities/0/id", Flow("""{ "id": "a b", "type": "End" }""")),
        ("flow.id", "/screens/0/id", Flow("""{ "id": "a", "type": "End" }""", screens: """{ "id": "s/s" }""")),
        (
            "flow.id",
            "/activities/0/contextKey",
            Flow("""{ "id": "a", "type": "GenericHttp", "connector": "profile-api", "contextKey": "a.b" }""")
        ),
        ("flow.duplicate_id", "/activities/1/id", Flow("""{ "id": "a", "type": "End" }, { "id": "a", "type": "End" }""")),
        ("flow.duplicate_id", "/screens/1/id", Flow("""{ "id": "a", "type": "End" }""", screens: """{ "id": "s" }, { "id": "s" }""")),
        (
            "flow.duplicate_id",
            "/screens/0/components/1/id",
            Flow(
                """{ "id": "a", "type": "End" }""",
                screens: """{ "id": "s", "components": [ { "type": "Button", "id": "x" }, { "type": "Link", "id": "x" } ] }"""
            )
        ),
        (
            "flow.duplicate_id",
            "/screens/0/components/1/name",
            Flow(
                """{ "id": "a", "type": "End" }""",
                screens: """{ "id": "s", "components": [ { "type": "TextInput", "name": "x" }, { "type": "EmailInput", "name": "x" } ] }"""
            )
        ),
        (
            "flow.duplicate_id",
            "/activities/0/activities/0/id",
            Flow("""{ "id": "a", "type": "Parallel", "activities": [ { "id": "a", "type": "Scriptlet", "code": "1" } ] }""")
        ),
        ("flow.unknown_id", "/start", Flow("""{ "id": "b", "type": "End" }""")),
        (
            "flow.unknown_id",
            "/connections/0/source",
            Flow("""{ "id": "a", "type": "End" }""", connections: """{ "source": "x", "port": "p", "target": "a" }""")
        ),
        (
            "flow.unknown_id",
            "/connections/0/target",
            Flow("""{ "id": "a", "type": "End" }""", connections: """{ "source": "a", "port": "p", "target": "x" }""")
        ),
        // Types and what activities refer to.
        ("flow.unknown_type", "/activities/0/type", Flow("""{ "id": "a", "type": "Ends" }""")),
        ("flow.unknown_screen", "/activities/0/screen", Flow("""{ "id": "a", "type": "Screen", "screen": "x" }""")),
        ("flow.unknown_connector", "/activities/0/connector", Flow("""{ "id": "a", "type": "GenericHttp", "connector": "profil-api" }""")),
        ("flow.unknown_flow", "/activities/0/flow", Flow("""{ "id": "a", "type": "Subflow", "flow": "x" }""")),
        ("flow.subflow_nesting", "/activities/0/flow", Flow("""{ "id": "a", "type": "Subflow", "flow": "f" }""")),
        ("flow.subflow_invalid", "/activities/0/flow", Flow("""{ "id": "a", "type": "Subflow", "flow": "broken" }""")),
        (
            "flow.parallel",
            "/activities/0/activities/0/type",
            Flow("""{ "id": "a", "type": "Parallel", "activities": [ { "id": "b", "type": "SetUser", "user": { "userId": "x" } } ] }""")
        ),
        (
            "flow.parallel",
            "/activities/0/activities/1/contextKey",
            Flow(
                """{ "id": "a", "type": "Parallel", "activities": [ { "id": "b", "type": "Scriptlet", "code": "1","""
                    + """ "contextKey": "k" }, { "id": "c", "type": "Scriptlet", "code": "1", "contextKey": "k" } ] }"""
            )
        ),
        (
            "flow.parallel",
            "/activities/0/activities/0/errorHandling/Scriptlet Failed",
            Flow(
                """{ "id": "a", "type": "Parallel", "activities": [ { "id": "b", "type": "Scriptlet", "code": "1","""
                    + """ "errorHandling": { "Scriptlet Failed": "custom" } } ] }"""
            )
        ),
        (
            "flow.parallel",
            "/activities/0/activities/0/flow",
            Flow("""{ "id": "a", "type": "Parallel", "activities": [ { "id": "b", "type": "Subflow", "flow": "confirm" } ] }""")
        ),
        // The graph.
        (
            "flow.unknown_port",
            "/connections/0/port",
            Flow("""{ "id": "a", "type": "Scriptlet", "code": "1" }""", connections: """{ "source": "a", "port": "Done", "target": "a" }""")
        ),
        (
            "flow.unknown_port",
            "/connections/0/port",
            Flow(
                """{ "id": "a", "type": "Scriptlet", "code": "1" }""",
                connections: """{ "source": "a", "port": "Scriptlet Failed", "target": "a" }"""
            )
        ),
        ("flow.unconnected", "/activities/0", Flow("""{ "id": "a", "type": "Scriptlet", "code": "1" }""")),
        (
            "flow.unconnected",
            "/activities/0",
            Flow(
                """{ "id": "a", "type": "Screen", "screen": "s" }""",
                screens: """{ "id": "s", "components": [ { "type": "Button", "id": "go" } ] }"""
            )
        ),
        (
            "flow.duplicate_connection",
            "/connections/1",
            Flow(
                """{ "id": "a", "type": "Scriptlet", "code": "1" }""",
                connections: """{ "source": "a", "port": "Success", "target": "a" }, { "source": "a", "port": "Success", "target": "a" }"""
            )
        ),
        ("flow.unreachable", "/activities/1", Flow("""{ "id": "a", "type": "End" }, { "id": "b", "type": "End" }""")),
        (
            "flow.loop",
            "/activities/0",
            Flow(
                """{ "id": "a", "type": "Scriptlet", "code": "1" }""",
                connections: """{ "source": "a", "port": "Success", "target": "a" }"""
            )
        ),
        ("flow.loop", "/activities/0", Flow("""{ "id": "a", "type": "Restart" }""")),
        ("flow.accepts", "/accepts/0", Flow("""{ "id": "a", "type": "End" }""", more: """ "accepts": [ "b: timeout" ] """)),
        (
            "flow.fails_open",
            "/activities/0/errorHandling/Scriptlet Failed",
            Flow(
                """{ "id": "a", "type": "Scriptlet", "code": "1", "errorHandling": { "Scriptlet Failed": "ignore" } },"""
                    + """ { "id": "b", "type": "SetUser", "user": { "userId": "x" } }, { "id": "c", "type": "End" }""",
                connections: """{ "source": "a", "port": "Success", "target": "b" }, { "source": "b", "port": "Done", "target": "c" }"""
            )
        ),
        ("flow.too_many_problems", "", Flow(string.Join(',', Enumerable.Repeat("{}", 1_000)))),
        ("flow.too_large", "/activities", Flow(string.Join(',', Enumerable.Repeat("{}", FlowLimits.Activities + 1)))),
        // Templates, expressions, claims.
        ("template.syntax", "/activities/0/outputs/x/0", Flow("""{ "id": "a", "type": "End", "outputs": { "x": [ "{{form.a" ] } }""")),
        (
            "template.syntax",
            "/activities/0/user/userId",
            Flow("""{ "id": "a", "type": "SetUser", "user": { "userId": "{{form.a ?? oops}}" } }""")
        ),
        ("template.syntax", "/screens/0/title", Flow("""{ "id": "a", "type": "End" }""", screens: """{ "id": "s", "title": "{{}}" }""")),
        (
            "template.syntax",
            "/screens/0/components/0/text",
            Flow(
                """{ "id": "a", "type": "End" }""",
                screens: """{ "id": "s", "components": [ { "type": "Text", "text": "{{form[}}" } ] }"""
            )
        ),
        (
            "template.function",
            "/activities/0/outputs/x",
            Flow("""{ "id": "a", "type": "End", "outputs": { "x": "{{flow.id | uper}}" } }""")
        ),
        (
            "template.arguments",
            "/activities/0/outputs/x",
            Flow("""{ "id": "a", "type": "End", "outputs": { "x": "{{flow.id | slice('a')}}" } }""")
        ),
        ("template.unknown_root", "/activities/0/outputs/x", Flow("""{ "id": "a", "type": "End", "outputs": { "x": "{{forms.a}}" } }""")),
        (
            "condition.regex",
            "/screens/0/components/0/pattern",
            Flow(
                """{ "id": "a", "type": "End" }""",
                screens: """{ "id": "s", "components": [ { "type": "TextInput", "name": "x", "pattern": "(" } ] }"""
            )
        ),
        (
            "condition.regex",
            "/screens/0/components/0/pattern",
            Flow(
                """{ "id": "a", "type": "End" }""",
                screens: """{ "id": "s", "components": [ { "type": "TextInput", "name": "x", "pattern": "(?=a)b" } ] }"""
            )
        ),
        (
            "condition.regex",
            "/screens/0/components/0/pattern",
            Flow(
                """{ "id": "a", "type": "End" }""",
                screens: """{ "id": "s", "components": [ { "type": "TextInput", "name": "x", "pattern": "a)|(b" } ] }"""
            )
        ),
        (
            "condition.operator",
            "/activities/0/branches/0/rules/0/operator",
            Flow(
                """{ "id": "a", "type": "Condition", "branches": [ { "outcome": "x", "rules": [ { "key": "form.a","""
                    + """ "operator": "equals", "value": 1 } ] } ] }"""
            )
        ),
        (
            "condition.regex",
            "/activities/0/branches/0/rules/0/value",
            Flow(
                """{ "id": "a", "type": "Condition", "branches": [ { "outcome": "x", "rules": [ { "key": "form.a","""
                    + """ "operator": "matches", "value": "[" } ] } ] }"""
            )
        ),
        (
            "template.unknown_root",
            "/activities/0/branches/0/rules/0/key",
            Flow(
                """{ "id": "a", "type": "Condition", "branches": [ { "outcome": "x", "rules": [ { "key": "forms.a","""
                    + """ "operator": "empty" } ] } ] }"""
            )
        ),
        (
            "script.syntax",
            "/activities/0/branches/0/rules/0/script",
            Flow("""{ "id": "a", "type": "Condition", "branches": [ { "outcome": "x", "rules": [ { "script": "1 +" } ] } ] }""")
        ),
        ("script.syntax", "/activities/0/code", Flow("""{ "id": "a", "type": "Scriptlet", "code": "return (" }""")),
        ("claims.name", "/activities/0/claims/sub", Flow("""{ "id": "a", "type": "CustomClaims", "claims": { "sub": "x" } }""")),
        ("claims.name", "/activities/0/claims/", Flow("""{ "id": "a", "type": "CustomClaims", "claims": { "": "x" } }""")),
        (
            "claims.name",
            "/activities/0/claims",
            Flow(
                """{ "id": "a", "type": "CustomClaims","""
                    + $$""" "claims": { {{string.Join(',', Enumerable.Range(0, 101).Select(i => $"\"c{i}\": 1"))}} } }"""
            )
        ),
    ];

    public static TheoryData<int> Rows => [.. Enumerable.Range(0, Table.Length)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Compile_FlowWithAProblem_ReportsItAtItsPlace(int row)
    {
        var (code, pointer, json) = Table[row];
        var environment = Corpus.Environment with
        {
            FindFlow = id =>
                id == "broken"
                    ? (
                        Corpus.Read(
                            FlowValue.Parse("""{ "id": "broken", "start": "x", "activities": [ { "id": "a", "type": "End" } ] }""")
                        ),
                        1
                    )
                    : Corpus.Environment.FindFlow(id),
        };
        var result = FlowCompiler.Compile(FlowValue.Parse(json), environment, "f.flow.json");

        Assert.True(
            result.Diagnostics.Any(diagnostic => diagnostic.Code == code && diagnostic.Pointer == pointer),
            $"{code} {pointer} is not among:\n{string.Join('\n', result.Diagnostics)}"
        );
        var found = result.Diagnostics.First(diagnostic => diagnostic.Code == code && diagnostic.Pointer == pointer);
        Assert.Equal(
            code
                is "path.maybe"
                    or "flow.undeclared_inputs"
                    or "flow.subflow_input"
                    or "limit.key"
                    or "flow.unknown_setting"
                    or "flow.unreachable"
                    or "flow.loop"
                ? Severity.Warning
                : Severity.Error,
            found.Severity
        );
        Assert.True(found.Advice.Length > 0 && found.Message.Length > 0);
    }

    [Fact]
    public void Compile_SeveralProblems_ReportsAllAtOnce()
    {
        var result = FlowCompiler.Compile(
            FlowValue.Parse(
                """
                { "id": "f", "start": "x", "durability": 1,
                  "activities": [ { "id": "a", "type": "Scren" }, { "id": "b", "type": "End", "outputs": "{{x}}" } ],
                  "connections": [ { "source": "b", "port": "x", "target": "y" } ],
                    "screens": [ { "id": "s", "components": [ { "type": "Button" } ] } ] }
                """
            ),
            Corpus.Environment
        );
        Assert.Equal(
            ["flow.required", "flow.unknown_id", "flow.unknown_id", "flow.unknown_type", "flow.value", "template.unknown_root"],
            result
                .Diagnostics.Where(diagnostic => diagnostic.Severity == Severity.Error)
                .Select(diagnostic => diagnostic.Code)
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Table_EveryCodeOfTheCompiler_HasARow()
    {
        var covered = Table.Select(row => row.Code).Concat(Elsewhere).ToHashSet(StringComparer.Ordinal);
        string[] without =
        [
            .. FlowErrors
                .All.Select(code => code.Code)
                .Where(code =>
                    !covered.Contains(code)
                    && !code.StartsWith("run.", StringComparison.Ordinal)
                    && !code.StartsWith("screen.", StringComparison.Ordinal)
                    && !code.StartsWith("drill.", StringComparison.Ordinal)
                    && !code.StartsWith("test.", StringComparison.Ordinal)
                ),
        ];
        Assert.Equal([], without);
    }

    private static string Flow(string activities, string connections = "", string screens = "", string more = "\"x\": 1")
    {
        var text = new StringBuilder("""{ "id": "f", "start": "a", "activities": [""")
            .Append(activities)
            .Append("""], "connections": [""")
            .Append(connections);
        return text.Append("""], "screens": [""").Append(screens).Append("], ").Append(more).Append(" }").ToString();
    }
}
