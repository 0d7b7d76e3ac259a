using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Testing;

namespace FlowEngine.Tests.Testing;

public sealed class GoldenCaseTests
{
    private const string Flow = """
        { "id": "f", "start": "ask",
          "activities": [ { "id": "ask", "type": "Screen", "screen": "ask" },
            { "id": "end", "type": "End", "outputs": { "name": "{{form.name}}" } } ],
          "connections": [ { "source": "ask", "port": "ok", "target": "end" } ],
          "screens": [ { "id": "ask", "components": [ { "type": "TextInput", "name": "name", "required": true },
            { "type": "PasswordInput", "name": "pin" }, { "type": "Button", "id": "ok" } ] } ] }
        """;

    [Theory]
    [InlineData(
        """{ "status": "completed", "path": ["ask", "end"], "screen": null, "outputs": { "name": "Ada" }, "error": null,"""
            + """ "context": { "form.name": "Ada", "form.other": null } }""",
        ""
    )]
    [InlineData("""{ "status": "waiting" }""", "status")]
    [InlineData("""{ "path": ["ask"] }""", "path")]
    [InlineData("""{ "path": ["end", "ask"] }""", "path")]
    [InlineData("""{ "screen": "ask", "outputs": {}, "claims": { "a": 1 }, "user": { "userId": "x" } }""", "screen,outputs,claims,user")]
    [InlineData("""{ "context": { "form.name": "Bob", "client.x": 1 } }""", "context.form.name,context.client.x")]
    [InlineData("""{ "error": "http.timeout" }""", "error")]
    [InlineData("""{ "error": { "code": "a", "activity": null } }""", "error.code")]
    public async Task Run_Expectation_NamesTheFieldsThatDiffer(string expect, string fields)
    {
        var result = await RunAsync("""[ { "screen": "ask", "interaction": "ok", "form": { "name": "Ada" } } ]""", expect);

        Assert.Equal(fields, string.Join(',', result.Differences.Select(difference => difference.Field)));
        Assert.Equal(fields.Length == 0, result.Passed);
    }

    [Fact]
    public async Task Run_AnswerForAnotherScreen_IsADifferenceAndEndsTheAnswers()
    {
        var result = await RunAsync(
            """[ { "screen": "other", "interaction": "ok" }, { "interaction": "ok", "form": { "name": "Ada" } } ]""",
            """{ "status": "waiting" }"""
        );

        var difference = Assert.Single(result.Differences);
        Assert.Equal("answers[0].screen", difference.Field);
        Assert.Equal("other", difference.Expected.ToText());
        Assert.Equal("ask", difference.Actual.ToText());
    }

    [Fact]
    public async Task Run_RefusedAnswer_TriesTheNextOne()
    {
        var result = await RunAsync(
            """[ { "interaction": "ok" }, { "interaction": "ok", "form": { "name": "Ada" } } ]""",
            """{ "status": "completed" }"""
        );

        Assert.True(result.Passed);
    }

    [Fact]
    public async Task Run_RefusedLastAnswer_ShowsTheMessage()
    {
        var result = await RunAsync("""[ { "interaction": "ok" } ]""", """{ "status": "waiting", "errorText": "name is required." }""");

        Assert.True(result.Passed);
    }

    [Fact]
    public async Task Run_SensitiveActual_IsComparedButShownMasked()
    {
        var result = await RunAsync(
            """[ { "interaction": "ok", "form": { "name": "Ada", "pin": "4711" } } ]""",
            """{ "context": { "form.pin": "4712" } }"""
        );

        Assert.Equal("\"***\"", Assert.Single(result.Differences).Actual.ToString());
    }

    [Theory]
    [InlineData("[]", "", "flow.type")]
    [InlineData("""{ "expect": { "status": "failed" } }""", "/flow", "flow.required")]
    [InlineData("""{ "flow": "f.flow.json" }""", "/expect", "flow.required")]
    [InlineData("""{ "flow": "f.flow.json", "expect": {} }""", "/expect", "flow.required")]
    [InlineData("""{ "flow": "f.flow.json", "expect": { "statsu": "x" } }""", "/expect/statsu", "flow.unknown_setting")]
    [InlineData("""{ "flow": "f.flow.json", "expect": { "status": "completd" } }""", "/expect/status", "flow.value")]
    [InlineData(
        """{ "flow": "f.flow.json", "expect": { "context": { "nowhere.x": 1 } } }""",
        "/expect/context/nowhere.x",
        "template.syntax"
    )]
    [InlineData("""{ "flow": "f.flow.json", "answers": [ 1 ], "expect": { "status": "failed" } }""", "/answers/0", "flow.type")]
    [InlineData(
        """{ "flow": "f.flow.json", "answers": [ { "interaction": "" } ], "expect": { "status": "failed" } }""",
        "/answers/0/interaction",
        "flow.required"
    )]
    [InlineData("""{ "flow": "f.flow.json", "client": 1, "expect": { "status": "failed" } }""", "/client", "flow.type")]
    [InlineData("""{ "flow": "f.flow.json", "replies": [], "expect": { "status": "failed" } }""", "/replies", "flow.type")]
    public void Read_WrongShape_ReportsThePlace(string json, string pointer, string code)
    {
        var problems = new DiagnosticBag();

        var golden = GoldenCase.Read(FlowValue.Parse(json), "x.case.json", problems);

        Assert.Null(golden);
        Assert.Contains(problems.Items, item => item.Pointer == pointer && item.Code == code && item.File == "x.case.json");
    }

    private static async Task<GoldenResult> RunAsync(string answers, string expect)
    {
        var problems = new DiagnosticBag();
        var golden = GoldenCase.Read(
            FlowValue.Parse($$"""{ "flow": "f.flow.json", "answers": {{answers}}, "expect": {{expect}} }"""),
            "x.case.json",
            problems
        );
        Assert.Empty(problems.Items);
        var compiled = FlowCompiler.Compile(FlowValue.Parse(Flow), new CompilationEnvironment());
        Assert.Empty(compiled.Diagnostics);
        return await golden!.RunAsync(compiled.Plan!);
    }
}
