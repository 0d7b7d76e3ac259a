using FlowEngine.Activities;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Model;

namespace FlowEngine.Tests.Compilation.Paths;

/// <summary>What is read must be written on some way there (path.unknown), and
/// is warned of when only some ways write it (path.maybe): SPEC 3.</summary>
public sealed class PathChecksTests
{
    private const string Login = """{ "id": "in", "type": "Screen", "screen": "in" }""";
    private const string InScreen =
        """{ "id": "in", "components": [ { "type": "TextInput", "name": "email" }, { "type": "Button", "id": "go" },"""
        + """ { "type": "Link", "id": "help" } ] }""";
    private const string Call =
        """{ "id": "call", "type": "GenericHttp", "connector": "profile-api", "errorHandling": { "Generic HTTP Error": "custom" } }""";
    private const string Known = """
        { "id": "sub", "start": "c", "inputs": { "n": {} },
          "activities": [ { "id": "c", "type": "Condition",
            "branches": [ { "outcome": "a", "rules": [ { "key": "client.n", "operator": "is-true" } ] } ] },
            { "id": "known", "type": "End", "name": "Known", "outputs": { "name": "x" } },
              { "id": "unknown", "type": "End", "name": "Unknown" } ],
          "connections": [ { "source": "c", "port": "a", "target": "known" }, { "source": "c", "port": "Else", "target": "unknown" } ] }
        """;

    /// <summary>What is found, as "code pointer", one after the other; the flow.</summary>
    private static readonly (string Name, string Found, string Json)[] Table =
    [
        // Keys.
        ("form of an earlier screen", "", Flow("in", $"{Login},{End("{{form.email}}")}", "in.go>end;in.help>end", InScreen)),
        (
            "form that no screen has",
            "path.unknown /activities/1/outputs/x",
            Flow("in", $"{Login},{End("{{form.emial}}")}", "in.go>end;in.help>end", InScreen)
        ),
        (
            "form before the screen",
            "flow.unreachable /activities/1; path.unknown /activities/0/outputs/x",
            Flow("end", $"{End("{{form.email}}")},{Login}", "in.go>end;in.help>end", InScreen)
        ),
        (
            "a fallback does not save it",
            "path.unknown /activities/1/outputs/x",
            Flow("in", $"{Login},{End("{{form.emial ?? 'x'}}")}", "in.go>end;in.help>end", InScreen)
        ),
        (
            "a screen's own text before it was submitted",
            "path.unknown /screens/0/components/0/text",
            Flow(
                "in",
                $"{Login},{End("x")}",
                "in.go>end;in.help>end",
                """{ "id": "in", "components": [ { "type": "Text", "text": "{{form.email}}" }, { "type": "TextInput","""
                    + """ "name": "email" }, { "type": "Button", "id": "go" }, { "type": "Link", "id": "help" } ] }"""
            )
        ),
        (
            "a screen's own text, shown again",
            "path.maybe /screens/0/components/0/text",
            Flow(
                "in",
                $"{Login},{End("x")}",
                "in.go>end;in.help>in",
                """{ "id": "in", "components": [ { "type": "Text", "text": "{{form.email}}" }, { "type": "TextInput","""
                    + """ "name": "email" }, { "type": "Button", "id": "go" }, { "type": "Link", "id": "help" } ] }"""
            )
        ),
        (
            "the context key of a call",
            "",
            Flow("call", $"{Call},{End("{{connectors.call.statusCode}}")}", "call.Success>end;call.Generic HTTP Error>end")
        ),
        (
            "a key that only one of two ways writes",
            "path.maybe /activities/2/outputs/x",
            Flow("pick", $"{Pick},{Script("s")},{End("{{scripts.s}}")}", "pick.a>s;pick.Else>end;s.Success>end")
        ),
        (
            "the same with a fallback",
            "",
            Flow("pick", $"{Pick},{Script("s")},{End("{{scripts.s ?? 1}}")}", "pick.a>s;pick.Else>end;s.Success>end")
        ),
        (
            "a key that is written on both ways",
            "",
            Flow(
                "pick",
                $"{Pick},{Script("s")},{Script("t", "s")},{End("{{scripts.s}}")}",
                "pick.a>s;pick.Else>t;s.Success>end;t.Success>end"
            )
        ),
        (
            "a key in a root of another kind",
            "path.unknown /activities/1/outputs/x",
            Flow("s", $"{Script("s")},{End("{{connectors.s}}")}", "s.Success>end")
        ),
        (
            "a failed script writes nothing",
            "path.unknown /activities/2/outputs/x",
            Flow(
                "s",
                """{ "id": "s", "type": "Scriptlet", "code": "return 1","""
                    + $$""" "errorHandling": { "Scriptlet Failed": "custom" } },{{End("x")}},{ "id": "bad", "type": "End","""
                    + $$""" "name": "Bad", "outputs": { "x": "{{"{{scripts.s}}"}}" } }""",
                "s.Success>end;s.Scriptlet Failed>bad"
            )
        ),
        (
            "an ignored failure may have written nothing",
            "path.maybe /activities/1/outputs/x",
            Flow(
                "s",
                """{ "id": "s", "type": "Scriptlet", "code": "return 1","""
                    + $$""" "errorHandling": { "Scriptlet Failed": "ignore" } },{{End("{{scripts.s}}")}}""",
                "s.Success>end"
            )
        ),
        (
            "a loop writes for the next time round",
            "path.maybe /activities/0/arguments/n; flow.loop /activities/0",
            Flow(
                "s",
                """{ "id": "s", "type": "Scriptlet", "code": "return n","""
                    + $$""" "arguments": { "n": "{{"{{scripts.s}}"}}" } },{{Pick}},{{End("x")}}""",
                "s.Success>pick;pick.a>s;pick.Else>end"
            )
        ),
        // Members.
        (
            "a member that no result has",
            "path.unknown /activities/1/outputs/x",
            Flow("call", $"{Call},{End("{{connectors.call.status}}")}", "call.Success>end;call.Generic HTTP Error>end")
        ),
        (
            "a member of a number",
            "path.unknown /activities/1/outputs/x",
            Flow("call", $"{Call},{End("{{connectors.call.statusCode.x}}")}", "call.Success>end;call.Generic HTTP Error>end")
        ),
        (
            "what is below a body nobody knows",
            "",
            Flow("call", $"{Call},{End("{{connectors.call.body.a[0].b}}")}", "call.Success>end;call.Generic HTTP Error>end")
        ),
        ("a member of the flow", "path.unknown /activities/0/outputs/x", Flow("end", End("{{flow.runid}}"), "")),
        ("a member of the device", "path.unknown /activities/0/outputs/x", Flow("end", End("{{device.agent}}"), "")),
        ("a member of the error", "path.unknown /activities/0/outputs/x", Flow("end", End("{{error.mesage}}"), "")),
        ("a member of the person", "path.unknown /activities/0/outputs/x", Flow("end", End("{{user.id}}"), "")),
        (
            "a member of an input that is a text",
            "path.unknown /activities/0/outputs/x",
            Flow("end", End("{{client.a.b}}"), "", more: """ "inputs": { "a": { "type": "string" } } """)
        ),
        (
            "a member of an input that is an object",
            "",
            Flow("end", End("{{client.a.b}}"), "", more: """ "inputs": { "a": { "type": "object" } } """)
        ),
        // Person, claims, error: a caller of the flow may have written them.
        ("the person before SetUser", "path.maybe /activities/0/outputs/x", Flow("end", End("{{user.email}}"), "")),
        ("the person after SetUser", "", Flow("u", $"{SetUser},{End("{{user.email}}")}", "u.Done>end")),
        ("what SetUser does not set", "path.unknown /activities/1/outputs/x", Flow("u", $"{SetUser},{End("{{user.name}}")}", "u.Done>end")),
        (
            "a claim",
            "",
            Flow("c", $$"""{ "id": "c", "type": "CustomClaims", "claims": { "a": 1 } },{{End("{{claims.a}}")}}""", "c.Done>end")
        ),
        (
            "a claim that may be the caller's",
            "path.maybe /activities/1/outputs/x",
            Flow("c", $$"""{ "id": "c", "type": "CustomClaims", "claims": { "a": 1 } },{{End("{{claims.b}}")}}""", "c.Done>end")
        ),
        (
            "the error of a failed step",
            "",
            Flow(
                "call",
                $$"""{{Call}},{{End("{{error.message}}")}},{ "id": "ok", "type": "End", "name": "Ok" }""",
                "call.Success>ok;call.Generic HTTP Error>end"
            )
        ),
        // Restart.
        (
            "what a restart clears",
            "path.unknown /activities/1/arguments/n",
            Flow(
                "in",
                $$"""{{Login}},{ "id": "s", "type": "Scriptlet", "code": "return n","""
                    + $$""" "arguments": { "n": "{{"{{scripts.s}}"}}" } },{ "id": "again", "type": "Restart" }""",
                "in.go>s;in.help>s;s.Success>again",
                InScreen
            )
        ),
        (
            "inputs stay over a restart",
            "",
            Flow(
                "in",
                $$"""{{Login}},{ "id": "s", "type": "Scriptlet", "code": "return n","""
                    + $$""" "arguments": { "n": "{{"{{client.n}}"}}" } },{ "id": "again", "type": "Restart" }""",
                "in.go>s;in.help>s;s.Success>again",
                InScreen,
                """ "inputs": { "n": {} } """
            )
        ),
        // Automatic errors go back to the last screen.
        (
            "what was written before an automatic error",
            "path.maybe /screens/0/components/0/text",
            Flow(
                "in",
                $$"""{{Login}},{{Script("s")}},{ "id": "call", "type": "GenericHttp", "connector": "profile-api" },{{End("x")}}""",
                "in.go>s;in.help>s;s.Success>call;call.Success>end",
                """{ "id": "in", "components": [ { "type": "Text", "text": "{{scripts.s}} {{error.code ?? ''}}" },"""
                    + """ { "type": "Button", "id": "go" }, { "type": "Link", "id": "help" } ] }"""
            )
        ),
        (
            "an automatic error goes to no other screen",
            "path.unknown /screens/1/components/0/text",
            Flow(
                "in",
                $$"""{{Login}},{ "id": "two", "type": "Screen", "screen": "two" },{{Script("s")}},{ "id": "call","""
                    + """ "type": "GenericHttp", "connector": "profile-api" },{ "id": "three", "type": "Screen","""
                    + $$""" "screen": "three" },{{End("x")}}""",
                "in.go>two;in.help>two;two.go>three;three.go>s;s.Success>call;call.Success>end",
                $$"""{{InScreen}},{ "id": "two", "components": [ { "type": "Text", "text": "{{"{{scripts.s}}"}}" },"""
                    + """ { "type": "Button", "id": "go" } ] },{ "id": "three", "components": [ { "type": "Button", "id": "go" } ] }"""
            )
        ),
        (
            "what one of two screens knows stays known when an error leads back to it",
            "",
            Flow(
                "in",
                $$"""{{Login}},{ "id": "call", "type": "GenericHttp", "connector": "profile-api","""
                    + $$""" "errorHandling": { "Generic HTTP Error": "custom" } },{{Script("s")}},{ "id": "two", "type": "Screen","""
                    + $$""" "screen": "two" },{{End("x")}}""",
                "in.go>call;in.help>call;call.Success>end;call.Generic HTTP Error>s;s.Success>two;two.go>call",
                $$"""{{InScreen}},{ "id": "two", "components": [ { "type": "Text", "text": "{{"{{scripts.s}}"}}" },"""
                    + """ { "type": "Button", "id": "go" } ] }"""
            )
        ),
        (
            "what a failed call took away is not known any more",
            "path.maybe /screens/1/components/0/text",
            Flow(
                "in",
                $$"""{{Login}},{ "id": "call", "type": "Step", "contextKey": "k", "members": ["m"],"""
                    + $$""" "errorMembers": ["e"] },{ "id": "two", "type": "Screen", "screen": "two" },{{End("x")}}""",
                "in.go>call;in.help>call;call.Left>two;call.Right>end;two.go>call",
                $$"""{{InScreen}},{ "id": "two", "components": [ { "type": "Text", "text": "{{"{{connectors.k.m}}"}}" },"""
                    + """ { "type": "Button", "id": "go" } ] }"""
            )
        ),
        // Conditions.
        (
            "a key of a rule",
            "path.unknown /activities/0/branches/0/rules/0/key",
            Flow(
                "pick",
                """{ "id": "pick", "type": "Condition", "branches": [ { "outcome": "a","""
                    + $$""" "rules": [ { "key": "connectors.profil.statusCode", "operator": "equal", "value": 1 } ] } ] },{{End("x")}}""",
                "pick.a>end"
            )
        ),
        (
            "a question about what may be missing",
            "",
            Flow(
                "pick",
                $$"""{{Pick}},{{Script("s")}},{ "id": "q", "type": "Condition", "branches": [ { "outcome": "a","""
                    + """ "rules": [ { "key": "scripts.s", "operator": "not-empty" }, { "key": "scripts.s","""
                    + $$""" "operator": "is-true" } ] } ] },{{End("x")}}""",
                "pick.a>s;pick.Else>q;s.Success>q;q.a>end"
            )
        ),
        (
            "a comparison with what may be missing",
            "path.maybe /activities/2/branches/0/rules/0/key",
            Flow(
                "pick",
                $$"""{{Pick}},{{Script("s")}},{ "id": "q", "type": "Condition", "branches": [ { "outcome": "a","""
                    + $$""" "rules": [ { "key": "scripts.s", "operator": "not-equal", "value": 1 } ] } ] },{{End("x")}}""",
                "pick.a>s;pick.Else>q;s.Success>q;q.a>end"
            )
        ),
        (
            "a status after both ways",
            "",
            Flow(
                "call",
                $$"""{{Call}},{ "id": "q", "type": "Condition", "branches": [ { "outcome": "a","""
                    + $$""" "rules": [ { "key": "connectors.call.statusCode", "operator": "equal", "value": 404 } ] } ] },{{End("x")}}""",
                "call.Success>q;call.Generic HTTP Error>q;q.a>end;q.Else>end"
            )
        ),
        (
            "a value with a template",
            "path.unknown /activities/1/branches/0/rules/0/value",
            Flow(
                "s",
                $$"""{{Script("s")}},{ "id": "q", "type": "Condition", "branches": [ { "outcome": "a","""
                    + """ "rules": [ { "key": "scripts.s", "operator": "equal","""
                    + $$""" "value": "{{"{{scripts.t}}"}}" } ] } ] },{{End("x")}}""",
                "s.Success>q;q.a>end"
            )
        ),
        (
            "a script rule",
            "path.unknown /activities/1/branches/0/rules/0/script",
            Flow("s", $$"""{{Script("s")}},{{Rule("scripts.t > 1")}},{{End("x")}}""", "s.Success>q;q.a>end")
        ),
        (
            "a script rule with a member of a call",
            "path.unknown /activities/1/branches/0/rules/0/script",
            Flow(
                "call",
                $$"""{{Call}},{{Rule("connectors.call.status === 404")}},{{End("x")}}""",
                "call.Success>q;call.Generic HTTP Error>q;q.a>end"
            )
        ),
        (
            "JavaScript's own members",
            "",
            Flow(
                "call",
                $$"""{{Call}},{{Rule("connectors.call.body.toString().length > 3 && connectors.hasOwnProperty('x')")}},{{End("x")}}""",
                "call.Success>q;call.Generic HTTP Error>q;q.a>end"
            )
        ),
        (
            "a variable of a root's name",
            "",
            Flow(
                "call",
                $$"""{{Call}},{{Rule("connectors.call.body.users.some(user => user.id === 1 && user.active)")}},{{End("x")}}""",
                "call.Success>q;call.Generic HTTP Error>q;q.a>end"
            )
        ),
        (
            "a script that throws when the key is missing",
            "path.maybe /activities/2/branches/0/rules/0/script",
            Flow(
                "pick",
                $$"""{{Pick}},{{Script("s")}},{{Rule("scripts.s.n > 1")}},{{End("x")}}""",
                "pick.a>s;pick.Else>q;s.Success>q;q.a>end"
            )
        ),
        (
            "a script that asks first",
            "",
            Flow(
                "pick",
                $$"""{{Pick}},{{Script("s")}},{{Rule("scripts.s?.n > 1 || scripts.s && scripts.s.n")}},{{End("x")}}""",
                "pick.a>s;pick.Else>q;s.Success>q;q.a>end"
            )
        ),
        // Parallel.
        (
            "branches do not see each other",
            "path.unknown /activities/0/activities/1/arguments/n",
            Flow(
                "p",
                $$"""{ "id": "p", "type": "Parallel", "activities": [ {{Script("s")}}, { "id": "t", "type": "Scriptlet","""
                    + """ "code": "return n","""
                    + $$""" "arguments": { "n": "{{"{{scripts.s}}"}}" } } ] },{{End("{{scripts.s}}{{scripts.t}}")}}""",
                "p.Success>end"
            )
        ),
        (
            "branches when one of them failed",
            "path.maybe /activities/2/outputs/x",
            Flow(
                "p",
                $$"""{ "id": "p", "type": "Parallel", "activities": [ {{Script("s")}}, {{Script("t")}} ],"""
                    + """ "errorHandling": { "Branch Failed": "custom" } },{ "id": "ok", "type": "End","""
                    + $$""" "name": "Ok" },{{End("{{scripts.s}}")}}""",
                "p.Success>ok;p.Branch Failed>end"
            )
        ),
        // Subflows.
        (
            "the outputs of the End that was taken",
            "",
            Flow(
                "sub",
                """{ "id": "sub", "type": "Subflow", "flow": "sub","""
                    + $$""" "inputs": { "n": 1 } },{{End("{{scripts.sub.name}}")}},{ "id": "no", "type": "End", "name": "No" }""",
                "sub.Known>end;sub.Unknown>no"
            )
        ),
        (
            "the outputs of another End",
            "path.unknown /activities/1/outputs/x",
            Flow(
                "sub",
                """{ "id": "sub", "type": "Subflow", "flow": "sub","""
                    + $$""" "inputs": { "n": 1 } },{{End("{{scripts.sub.name}}")}},{ "id": "no", "type": "End", "name": "No" }""",
                "sub.Unknown>end;sub.Known>no"
            )
        ),
        (
            "an output that there is not",
            "path.unknown /activities/1/outputs/x",
            Flow(
                "sub",
                """{ "id": "sub", "type": "Subflow", "flow": "sub","""
                    + $$""" "inputs": { "n": 1 } },{{End("{{scripts.sub.nam}}")}},{ "id": "no", "type": "End", "name": "No" }""",
                "sub.Known>end;sub.Unknown>no"
            )
        ),
        (
            "the inputs of a subflow",
            "path.unknown /activities/0/inputs/n",
            Flow(
                "sub",
                $$"""{ "id": "sub", "type": "Subflow", "flow": "sub", "inputs": { "n": "{{"{{form.n}}"}}" } },{{End("x")}}""",
                "sub.Known>end;sub.Unknown>end"
            )
        ),
        // What cannot be known.
        (
            "behind what is never reached",
            "flow.unreachable /activities/1",
            Flow("end", $$"""{{End("x")}},{ "id": "other", "type": "End", "outputs": { "x": "{{"{{scripts.nothing}}"}}" } }""", "")
        ),
        (
            "undeclared form names",
            "flow.undeclared_inputs /undeclaredInputs",
            Flow("in", $"{Login},{End("{{form.whatever}}")}", "in.go>end;in.help>end", InScreen, "\"undeclaredInputs\": true")
        ),
        ("a whole root", "", Flow("end", End("{{form}}{{connectors}}{{user}}{{error}}"), "")),
    ];

    public static TheoryData<string> Names => [.. Table.Select(row => row.Name)];

    private static readonly ActivityCatalog Catalog = new([
        .. StandIns.Activities,
        ActivityType.Of<Step, StepSettings>((settings, compilation) => new Step(settings, compilation)),
    ]);

    private static string Pick =>
        """{ "id": "pick", "type": "Condition", "branches": [ { "outcome": "a", "rules": [ { "key": "device.ip","""
        + """ "operator": "not-empty" } ] } ] }""";

    private static string SetUser => """{ "id": "u", "type": "SetUser", "user": { "userId": "1", "email": "a" } }""";

    [Theory]
    [MemberData(nameof(Names))]
    public void Compile_AFlowThatReads_FindsExactlyWhatIsWrong(string name)
    {
        var (_, found, json) = Table.Single(row => row.Name == name);
        Assert.Equal(found, string.Join("; ", Compile(json).Diagnostics.Select(problem => $"{problem.Code} {problem.Pointer}")));
    }

    [Theory]
    [InlineData(
        "{{connectors.cal.statusCode}}",
        "This reads connectors.cal.statusCode, which nothing on any way here writes.",
        "Did you mean 'call'?"
    )]
    [InlineData(
        "{{connectors.call.satusCode}}",
        "This reads connectors.call.satusCode, but there is no 'satusCode': connectors.call has statusCode, body, headers.",
        "Did you mean 'statusCode'?"
    )]
    [InlineData(
        "{{user.emial}}",
        "This reads user.emial, but there is no 'emial': user has userId, loginId, email, name, customAttributes.",
        "Did you mean 'email'?"
    )]
    [InlineData("{{form.anything}}", "This reads form.anything, which nothing on any way here writes.", "Correct the path")]
    [InlineData(
        "{{scripts.later}}",
        "This reads scripts.later, which nothing on any way here writes: 'later' writes scripts.later, but is not before it.",
        "Lead every way through it first"
    )]
    public void Compile_AnUnknownPath_SaysWhatIsThere(string path, string message, string advice)
    {
        var json = Flow(
            "call",
            $$"""{{Call}},{ "id": "s", "type": "Scriptlet", "code": "return n","""
                + $$""" "arguments": { "n": "{{path}}" } },{{Script("later")}},{{End("x")}}""",
            "call.Success>s;call.Generic HTTP Error>s;s.Success>later;later.Success>end"
        );
        var problem = Assert.Single(Compile(json).Diagnostics);
        Assert.Equal(("path.unknown", Severity.Error, "/activities/1/arguments/n"), (problem.Code, problem.Severity, problem.Pointer));
        Assert.Equal(message, problem.Message);
        Assert.StartsWith(advice, problem.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_APathThatOnlySomeWaysWrite_SaysWhichDoesNot()
    {
        var json = Flow("pick", $"{Pick},{Script("s")},{End("{{scripts.s}}")}", "pick.a>s;pick.Else>end;s.Success>end");
        var result = Compile(json);
        var problem = Assert.Single(result.Diagnostics);
        Assert.Equal(("path.maybe", Severity.Warning), (problem.Code, problem.Severity));
        Assert.Equal("Not every way here writes scripts.s: coming from 'pick', it has no value.", problem.Message);
        Assert.NotNull(result.Plan);
    }

    [Fact]
    public void Compile_AnUnknownPathInWhatWasPublished_IsAWarning()
    {
        var flow = Corpus.Read(FlowValue.Parse(Flow("end", End("{{scripts.nothing}}{{user.id}}"), "")));
        var published = FlowCompiler.Compile(flow, Corpus.Environment, version: 3);
        Assert.NotNull(published.Plan);
        Assert.Equal(
            [("path.unknown", Severity.Warning), ("path.unknown", Severity.Warning)],
            published.Diagnostics.Select(problem => (problem.Code, problem.Severity))
        );
        Assert.Null(FlowCompiler.Compile(flow, Corpus.Environment).Plan);
    }

    [Fact]
    public void Compile_APublishedSubflowWithAnUnknownPath_IsNoReasonToRefuseItsCaller()
    {
        var inner = Corpus.Read(
            FlowValue.Parse(
                """{ "id": "inner", "start": "e", "activities": [ { "id": "e", "type": "End","""
                    + """ "outputs": { "x": "{{scripts.nothing}}" } } ] }"""
            )
        );
        var outer = Corpus.Read(
            FlowValue.Parse(Flow("s", """{ "id": "s", "type": "Subflow", "flow": "inner" }, { "id": "e", "type": "End" }""", "s.Done>e"))
        );
        Assert.NotNull(FlowCompiler.Compile(outer, Corpus.Environment with { FindFlow = _ => (inner, 2) }).Plan);
        Assert.Null(FlowCompiler.Compile(outer, Corpus.Environment with { FindFlow = _ => (inner, 0) }).Plan);
    }

    [Fact]
    public void Compile_AConnectorThatReadsWhatTheFlowDoesNotWrite_IsToldAtItsActivity()
    {
        var connectors = new FlowEngine.Connectors.ConnectorSet(StandIns.Connectors);
        connectors.Set(
            FlowEngine.Connectors.ConnectorDefinition.Read(
                FlowValue.Parse(
                    """{ "id": "profile-api", "type": "http", "configuration": { "baseUrl": "https://x.example","""
                        + """ "headers": [ { "key": "a", "value": "{{form.tenant}}" }, { "key": "b","""
                        + """ "value": "{{form.other ?? ''}}" } ] } }"""
                ),
                null,
                new DiagnosticBag()
            )!
        );
        var result = FlowCompiler.Compile(
            FlowValue.Parse(Flow("call", $"{Call},{End("x")}", "call.Success>end;call.Generic HTTP Error>end")),
            Corpus.Environment with
            {
                Connectors = connectors,
            }
        );
        Assert.Equal(
            [
                ("This", false),
                ("The connector 'profile-api' reads form.tenant, which nothing on any way here writes.", true),
                ("The connector 'profile-api' reads form.other, which nothing on any way here writes.", false),
            ],
            result.Diagnostics.Select(problem => (problem.Message, problem.Severity == Severity.Error)).Prepend(("This", false))
        );
        Assert.All(result.Diagnostics, problem => Assert.Equal("/activities/0/connector", problem.Pointer));
    }

    /// <summary>When an activity is deleted, those that only it led to are what
    /// one has to look at: SPEC 3 warns of them, whatever else is wrong.</summary>
    [Fact]
    public void Compile_AFlowFromWhichAnActivityWasDeleted_WarnsOfWhatIsNotReachedAnyMore()
    {
        Corpus.Flows["login"].TryGetObject(out var login);
        login!.Get("activities").TryGetArray(out var activities);
        login.Get("connections").TryGetArray(out var connections);
        var without = login
            .With("activities", FlowValue.From(FlowArray.From(activities!.Where(activity => activity.Get("id").ToText() != "lookup"))))
            .With(
                "connections",
                FlowValue.From(
                    FlowArray.From(
                        connections!.Where(one => one.Get("source").ToText() != "lookup" && one.Get("target").ToText() != "lookup")
                    )
                )
            );
        var problems = Compile(FlowValue.From(without).ToJson()).Diagnostics;
        Assert.Equal(
            "The outcome 'submit' of 'signIn' has no connection.",
            Assert.Single(problems, problem => problem.Severity == Severity.Error).Message
        );
        Assert.Equal(
            ["profile", "byStatus", "userNotFound", "again", "user", "claims", "done"],
            problems.Where(problem => problem.Code == "flow.unreachable").Select(problem => problem.Message.Split('\'')[1])
        );
    }

    [Fact]
    public void Compile_AFlowWithAnUnknownTypeOnTheWay_GuessesNothingBehindIt()
    {
        var json = Flow("it", $$"""{ "id": "it", "type": "Nonsense" },{{End("{{scripts.x}}{{form.y}}{{user.email}}")}}""", "it.Done>end");
        Assert.Equal(["flow.unknown_type"], Compile(json).Diagnostics.Select(problem => problem.Code));
    }

    private static CompilationResult Compile(string json)
    {
        var inner = Corpus.Read(FlowValue.Parse(Known));
        return FlowCompiler.Compile(
            FlowValue.Parse(json),
            Corpus.Environment with
            {
                Activities = Catalog,
                FindFlow = id => id == "sub" ? (inner, 1) : null,
            }
        );
    }

    private static string End(string output) => $$"""{ "id": "end", "type": "End", "outputs": { "x": "{{output}}" } }""";

    private static string Script(string id, string? key = null) =>
        $$"""{ "id": "{{id}}", "type": "Scriptlet", "code": "return 1", "contextKey": "{{key ?? id}}" }""";

    private static string Rule(string script) =>
        $$"""{ "id": "q", "type": "Condition", "branches": [ { "outcome": "a", "rules": [ { "script": "{{script}}" } ] } ] }""";

    private static string Flow(
        string start,
        string activities,
        string connections,
        string screens = "",
        string more = "\"description\": \"\""
    ) =>
        $$"""
        { "id": "f", "start": "{{start}}", {{more}}, "activities": [ {{activities}} ], "connections": [ {{string.Join(
            ',', connections.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(Connection))}} ],
          "screens": [ {{screens}} ] }
        """;

    /// <summary>A connection as JSON, of <c>source.port&gt;target</c>.</summary>
    private static string Connection(string text)
    {
        var (dot, arrow) = (text.IndexOf('.', StringComparison.Ordinal), text.IndexOf('>', StringComparison.Ordinal));
        return $$"""{ "source": "{{text[..dot]}}", "port": "{{text[(dot + 1)..arrow]}}", "target": "{{text[(arrow + 1)..]}}" }""";
    }
}
