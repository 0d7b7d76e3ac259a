using FlowEngine.AspNetCore.Engine;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Screens;
using FlowEngine.Templates;
using FlowEngine.Tests;

namespace FlowEngine.AspNetCore.Tests.Engine;

/// <summary>
/// A condition on the status, and the outcomes that the designer makes of it, lead to the same place whatever an API answers. The console
/// is tested with the same pairs: that it makes the one of the other.
/// </summary>
public sealed class StatusFormsTests
{
    private static readonly string[] Faults = ["http.timeout", "http.connect", "http.dns", "http.tls", "http.token", "http.bad_response"];

    private static readonly IReadOnlyList<FlowValue> Pairs = Read();

    public static TheoryData<string> Names => [.. Pairs.Select(pair => pair.Get("name").ToText())];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task BothForms_WhateverTheApiAnswers_LeadToTheSamePlace(string name)
    {
        var pair = Pairs.Single(pair => pair.Get("name").ToText() == name);
        await using var host = FlowEngineHost.Open(
            Path.Combine(Repository.Root, "flows"),
            null,
            new FlowEngineOptions { Egress = new() { AllowPrivateNetworks = true } }.Modules()
        );
        var (old, fresh) = (Compile(host, pair.Get("old")), Compile(host, pair.Get("new")));
        var answers = Enumerable
            .Range(100, 500)
            .Select(status => $$"""{ "statusCode": {{status}}, "headers": { "x-region": "eu" } }""")
            .Concat(Faults.Select(code => $$"""{ "error": { "event": "Connector Execution", "code": "{{code}}" } }"""));
        var places = new HashSet<string>();
        foreach (var answer in answers)
        {
            var condition = pair.Get("condition").ToText();
            var (before, after) = (await EndOfAsync(old, pair, answer, condition), await EndOfAsync(fresh, pair, answer, condition));
            Assert.True(before == after, $"{answer}: {before}, but {after}");
            places.Add(before);
        }
        // Or there would be nothing to compare.
        Assert.InRange(places.Count, 4, 1000);
    }

    /// <summary>Where the run is, by which way, and with what.</summary>
    private static async Task<string> EndOfAsync(FlowPlan plan, FlowValue pair, string answer, string condition)
    {
        var replies = FlowValue.Parse(
            $$"""{ "lookup": [ { "rows": [ { "id": "ada", "tier": "gold" } ] } ], "{{pair.Get("call").ToText()}}": [ {{answer}} ] }"""
        );
        var run = FlowRun.Start(plan, new RunStart(), RunServices.Default with { Replies = new ScriptedReplies(replies) });
        await FlowExecutor.AdvanceAsync(run, TestContext.Current.CancellationToken);
        var form = FlowValue.Parse("""{ "email": "ada@example.com" }""");
        var pressed = new ScreenSubmission(run.Screen!.Interactions[0], form);
        await FlowExecutor.SubmitAsync(run, pressed, TestContext.Current.CancellationToken);
        return string.Join(
            ' ',
            run.Status,
            run.EndName,
            run.Screen?.Id,
            run.ErrorText,
            string.Join('>', run.Path.Where(id => id != condition)),
            run.Context.Get(ContextRoot.Connectors).ToJson(),
            run.Context.Get(ContextRoot.Claims).ToJson()
        );
    }

    private static FlowPlan Compile(FlowEngineHost host, FlowValue flow)
    {
        var result = FlowCompiler.Compile(flow, host.Environment);
        return result.Plan ?? throw new InvalidOperationException(string.Join('\n', result.Diagnostics));
    }

    private static IReadOnlyList<FlowValue> Read()
    {
        var file = Path.Combine(Repository.Root, "tests", "Shared", "status-forms.json");
        FlowValue.Parse(File.ReadAllText(file)).TryGetArray(out var pairs);
        return [.. pairs!];
    }
}
