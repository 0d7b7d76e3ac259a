using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;
using FlowEngine.Tests;

namespace FlowEngine.ElsaFormat.Tests;

/// <summary>What Elsa 3.7.1 decided for 47 conditions: here each decides the same, or is reported.</summary>
public sealed class ElsaDecisionTests
{
    private static readonly FlowValue Recording = FlowValue.Parse(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "recordings", "elsa-conditions.json"))
    );

    /// <summary>The recording names its switches only. Each has the cases A and B.</summary>
    private static readonly Dictionary<string, (string A, string B, string? Mode)> Switches = new(StringComparer.Ordinal)
    {
        ["first of two"] = ("true", "true", "MatchFirst"),
        ["no mode"] = ("true", "true", null),
        ["default"] = ("false", "false", "MatchFirst"),
        ["text 'false'"] = ("'false'", "true", "MatchFirst"),
        ["text '0'"] = ("'0'", "true", "MatchFirst"),
        ["list"] = ("[1]", "true", "MatchFirst"),
        ["second throws"] = ("true", "getInput('nope').a", "MatchFirst"),
        ["any"] = ("true", "true", "MatchAny"),
    };

    /// <summary>The cases that are not decided alike: each is reported.</summary>
    private static readonly Dictionary<string, string> Reported = new(StringComparer.Ordinal)
    {
        ["any"] = "Error elsa.unsupported_setting /root/activities/0/mode",
    };

    public static TheoryData<string, string, string> Cases =>
        [
            .. Items(Recording.Get("cases"))
                .Select(item => (item.Get("activity").ToText(), item.Get("case").ToText(), item.Get("elsa").ToText())),
        ];

    [Fact]
    public void Recording_Has47Cases() => Assert.Equal(47, Cases.Count);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Read_Condition_DecidesAsElsaOrIsReported(string activity, string condition, string elsa)
    {
        var json = activity == "FlowSwitch" ? Switch(Switches[condition]) : Decision(condition);
        var problems = new DiagnosticBag();
        var flow = ElsaReader.Read(FlowValue.Parse(json), null, problems)!;
        Assert.Equal(
            Reported.TryGetValue(condition, out var report) ? [report] : [],
            problems.Items.Select(problem => $"{problem.Severity} {problem.Code} {problem.Pointer}")
        );
        if (report is null)
            Assert.Equal(elsa, await DecideAsync(flow));
    }

    [Theory]
    [InlineData("getInput('n') > 3", "client.n > 3")]
    [InlineData("(getInput('n') > 3 || !getInput('t')); // why", "(client.n > 3 || !client.t)")]
    [InlineData("return getInput('n') === 1;", "client.n === 1")]
    [InlineData("getInput('t') ? true : 1 < 2", "client.t ? true : 1 < 2")]
    public void Read_WhatIsEvidentlyBoolean_StaysReadable(string condition, string expected)
    {
        var flow = ElsaReader.Read(FlowValue.Parse(Decision(condition)), null, new DiagnosticBag())!;
        Assert.Equal(expected, Script(flow));
    }

    /// <summary>A case that may fail is asked with the first, so that the switch fails as it does in Elsa; all others stay as they
    /// are.</summary>
    [Theory]
    [InlineData("true", "getInput('list').length > 9", "[true, client.list.length > 9][0]", "A")]
    [InlineData("0, 5", "getInput('nope').a", null, "fault")]
    [InlineData("false", "getInput('nope').a", null, "fault")]
    [InlineData("getInput('n') > 3", "getInput('n') > 2", "client.n > 3", "Default")]
    public async Task Read_SwitchWhoseCaseMayFail_FailsAsElsaDoes(string first, string second, string? script, string expected)
    {
        var problems = new DiagnosticBag();
        var flow = ElsaReader.Read(FlowValue.Parse(Switch((first, second, "MatchFirst"))), null, problems)!;
        Assert.Empty(problems.Items);
        if (script is not null)
            Assert.Equal(script, Script(flow));
        Assert.Equal(expected, await DecideAsync(flow));
    }

    [Theory]
    [InlineData("var s = getInput('s'); if (s == 'false') { return 'TRUE'; } return 0", "True")]
    [InlineData("const f = x => { f.y = x; return x; }; f('true')", "True")]
    [InlineData("if (getInput('t')) { return 5 } else { return 0 }", "True")]
    [InlineData("var x = 1", "False")]
    [InlineData("", "False")]
    [InlineData("-0", "False")]
    [InlineData("true, 0", "False")]
    [InlineData("0, getInput('t')", "True")]
    [InlineData("{ a: 1 }", null)]
    [InlineData("1; if (getInput('t')) { 0 }", null)]
    [InlineData("client.t = true", null)]
    [InlineData("delete client.t", null)]
    public async Task Read_Statements_DecideAsElsaOrAreRefused(string condition, string? expected)
    {
        var problems = new DiagnosticBag();
        var flow = ElsaReader.Read(FlowValue.Parse(Decision(condition)), null, problems)!;
        if (expected is null)
            Assert.Equal("elsa.unsupported_expression", Assert.Single(problems.Items).Code);
        else
            Assert.Equal(expected, await DecideAsync(flow));
    }

    [Theory]
    [InlineData("getInput('missing') === null")]
    [InlineData("undefined !== getInput('missing')")]
    public void Read_StrictComparisonWithNothing_IsWarnedOf(string condition)
    {
        var problems = new DiagnosticBag();
        ElsaReader.Read(FlowValue.Parse(Decision(condition)), null, problems);
        var problem = Assert.Single(problems.Items);
        Assert.Equal(("elsa.unsupported_expression", Severity.Warning), (problem.Code, problem.Severity));
    }

    [Theory]
    [InlineData("true", "True")]
    [InlineData("\"TRUE\"", "True")]
    [InlineData("2", "True")]
    [InlineData("0", "False")]
    [InlineData("null", "False")]
    [InlineData("\"\"", "False")]
    [InlineData("\"yes\"", null)]
    [InlineData("[]", null)]
    public async Task Read_Literal_DecidesAsElsaOrIsRefused(string literal, string? expected)
    {
        var problems = new DiagnosticBag();
        var flow = ElsaReader.Read(FlowValue.Parse(Decision(literal, "Literal")), null, problems)!;
        if (expected is null)
            Assert.Equal("elsa.unsupported_expression", Assert.Single(problems.Items).Code);
        else
            Assert.Equal(expected, await DecideAsync(flow));
    }

    private static string Decision(string condition) => Decision(FlowValue.From(condition).ToJson(), "JavaScript");

    private static string Decision(string value, string type) =>
        Chart(
            $$"""{ "id": "d", "type": "Elsa.FlowDecision", "condition": { "expression": { "type": "{{type}}", "value": {{value}} } } }""",
            "True",
            "False"
        );

    private static string Switch((string A, string B, string? Mode) cases)
    {
        var mode = cases.Mode is null ? "" : $$""", "mode": { "expression": { "type": "Literal", "value": "{{cases.Mode}}" } }""";
        return Chart(
            $$"""
            { "id": "d", "type": "Elsa.FlowSwitch"{{mode}}, "cases": [
              { "label": "A", "condition": { "type": "JavaScript", "value": {{FlowValue.From(cases.A).ToJson()}} } },
              { "label": "B", "condition": { "type": "JavaScript", "value": {{FlowValue.From(cases.B).ToJson()}} } } ] }
            """,
            "A",
            "B",
            "Default"
        );
    }

    private static string Chart(string activity, params string[] ports)
    {
        var ends = string.Concat(ports.Select(port => $$""", { "id": "to{{port}}", "type": "Elsa.End" }"""));
        var connections = string.Join(
            ",",
            ports.Select(port => $$"""{ "source": { "activity": "d", "port": "{{port}}" }, "target": { "activity": "to{{port}}" } }""")
        );
        var inputs = string.Join(
            ",",
            new[] { "s", "n", "t", "list", "text", "missing", "nope" }.Select(name => $$"""{ "name": "{{name}}", "type": "Object" }""")
        );
        return $$"""
            { "definitionId": "chart", "inputs": [ {{inputs}} ], "root": { "type": "Elsa.Flowchart",
              "activities": [ {{activity}}{{ends}} ], "connections": [ {{connections}} ] } }
            """;
    }

    private static string Script(FlowDefinition flow) =>
        flow.Activities[0].Json.Get("branches").Get(0).Get("rules").Get(0).Get("script").ToText();

    /// <summary>The outcome that the run leaves by; "fault" when it fails.</summary>
    private static async Task<string> DecideAsync(FlowDefinition flow)
    {
        var result = FlowCompiler.Compile(flow, Corpus.Environment);
        Assert.True(result.Plan is not null, string.Join("\n", result.Diagnostics));
        var run = FlowRun.Start(result.Plan, new RunStart { Client = Recording.Get("inputs") }, RunServices.Default with { Trace = true });
        await FlowExecutor.AdvanceAsync(run, TestContext.Current.CancellationToken);
        if (run.Failure is not null)
            return "fault";
        var outcome = run.Trace![0].Outcome!;
        return outcome == "Else"
            ? flow.Activities[0].Json.Get("branches").Get(1).IsMissing
                ? "False"
                : "Default"
            : outcome;
    }

    private static FlowArray Items(FlowValue list) => list.TryGetArray(out var array) ? array : FlowArray.Empty;
}
