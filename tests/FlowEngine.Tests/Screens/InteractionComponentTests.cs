using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Screens;
using FlowEngine.Templates;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.Tests.Screens;

/// <summary><c>enabledAt</c>: a button that cannot be pressed before its time.</summary>
public sealed class InteractionComponentTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Submit_TooEarly_GivesTheSameScreenWithTheSecondsLeft_AndDoesNothing()
    {
        var (run, time) = await StartAsync("2026-11-29T12:00:30Z");
        time.Advance(TimeSpan.FromSeconds(12.5));

        // More often than a screen may be submitted in one run: none of them counts.
        for (var i = 0; i < 100; i++)
        {
            var problem = await PressAsync(run, "again");
            Assert.Equal("screen.input", problem!.Code);
        }

        Assert.Equal((RunStatus.Waiting, "s"), (run.Status, run.Screen!.Id));
        Assert.Equal("Please wait 18 s, then press “Go on” again.", run.ErrorText);
        Assert.Equal(("again", "input.too_early"), (run.InputProblems[0].Name, run.InputProblems[0].Code));
        Assert.Equal(["s"], run.Path);
        Assert.True(run.Context.Get(ContextRoot.Form).Get("email").IsMissing);

        time.Advance(TimeSpan.FromSeconds(17.5));
        Assert.Null(await PressAsync(run, "again"));
        Assert.Equal((RunStatus.Completed, "Again"), (run.Status, run.EndName));
    }

    [Fact]
    public async Task Submit_AnotherButton_NeedNotWait()
    {
        var (run, _) = await StartAsync("2026-11-29T13:00:00Z");
        Assert.Null(await PressAsync(run, "leave"));
        Assert.Equal("Left", run.EndName);
    }

    [Theory]
    [InlineData("2026-11-29T12:00:00Z")]
    [InlineData("2026-11-29T13:00:00+02:00")]
    [InlineData("1999-01-01T00:00:00Z")]
    [InlineData("soon")]
    [InlineData("")]
    [InlineData(null)]
    public async Task Submit_WhatIsNoInstantToCome_IsNoReasonToWait(string? at)
    {
        var (run, _) = await StartAsync(at);
        Assert.True(ViewOf(run).Get("secondsLeft").IsMissing && ViewOf(run).Get("enabledAt").IsMissing);
        Assert.Null(await PressAsync(run, "again"));
        Assert.Equal("Again", run.EndName);
    }

    [Fact]
    public async Task View_UntilThen_SaysWhenAndHowLong()
    {
        var (run, time) = await StartAsync("2026-11-29T12:00:30Z");
        time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(("2026-11-29T12:00:30Z", "30"), (ViewOf(run).Get("enabledAt").ToText(), ViewOf(run).Get("secondsLeft").ToText()));
    }

    /// <summary>What is wrong with it is told when the flow is compiled, as of any template.</summary>
    [Theory]
    [InlineData("{{client.nothing}}", "path.unknown")]
    [InlineData("{{oops", "template.syntax")]
    public void Compile_EnabledAt_IsChecked(string enabledAt, string code) =>
        Assert.Contains(code, FlowCompiler.Compile(Flow(enabledAt), new CompilationEnvironment()).Diagnostics.Select(one => one.Code));

    private static FlowValue ViewOf(FlowRun run) => ScreenView.Of(run, ValueEncoder.None).Get("components").Get(2);

    private static async Task<Errors.FlowError?> PressAsync(FlowRun run, string button) =>
        await FlowExecutor.SubmitAsync(run, new ScreenSubmission(button, FlowValue.Parse("""{ "email": "a" }""")), Stop);

    private static async Task<(FlowRun Run, FakeTimeProvider Time)> StartAsync(string? at)
    {
        var time = new FakeTimeProvider(Now);
        var plan = FlowCompiler.Compile(Flow("{{client.at}}"), new CompilationEnvironment()).Plan!;
        var client = FlowValue.Object(("at", at is null ? FlowValue.Missing : FlowValue.From(at)));
        var run = FlowRun.Start(plan, new RunStart { Client = client }, RunServices.Default with { Time = time });
        await FlowExecutor.AdvanceAsync(run, Stop);
        return (run, time);
    }

    private static FlowValue Flow(string enabledAt) =>
        FlowValue.Parse(
            $$"""
            { "id": "f", "start": "s", "inputs": { "at": { "type": "string" } },
              "activities": [ { "id": "s", "type": "Screen", "screen": "s" }, { "id": "a", "type": "End", "name": "Again" },
                { "id": "l", "type": "End", "name": "Left" } ],
              "connections": [ { "source": "s", "port": "again", "target": "a" }, { "source": "s", "port": "leave", "target": "l" } ],
              "screens": [ { "id": "s", "components": [ { "type": "TextInput", "name": "email" }, { "type": "ErrorMessage" },
                { "type": "Button", "id": "again", "text": "Go on", "enabledAt": {{FlowValue.From(enabledAt).ToJson()}} },
                { "type": "Button", "id": "leave" } ] } ] }
            """
        );
}
