using Elsa.Workflows.Activities.Flowchart.Models;
using FlowEngine.Context;
using static FlowEngine.ElsaActivities.HostTests.Definition;

namespace FlowEngine.ElsaActivities.HostTests;

/// <summary>Loops of our activities in Elsa's flowchart, whether it counts visits or passes tokens.</summary>
public sealed class LoopTests
{
    /// <summary>Two ways that are joined, round after round: what joins them is entered once in each.</summary>
    [Theory]
    [InlineData(FlowchartExecutionMode.CounterBased, "go", "go")]
    [InlineData(FlowchartExecutionMode.TokenBased, "go", "go")]
    [InlineData(FlowchartExecutionMode.CounterBased, "x", "y")]
    [InlineData(FlowchartExecutionMode.TokenBased, "x", "y")]
    public async Task ForkAndJoinInALoop_IsJoinedOnceARound(FlowchartExecutionMode mode, string first, string second)
    {
        // By our outcome that leads to both, or by Elsa's fork.
        var fork = first == second ? "ask" : "fork";
        await using var host = await ElsaHost.StartAsync(mode: mode);
        await host.ImportAsync(
            Screens(
                Chart(
                    "rounds",
                    [
                        Screen("ask"),
                        .. fork == "fork"
                            ? new[] { Activity("fork", "Elsa.FlowFork", ("branches", Of("Object", "[\"x\",\"y\"]", "String[]"))) }
                            : [],
                        Script("one"),
                        Script("two"),
                        Script("join"),
                    ],
                    [
                        .. fork == "fork" ? new[] { ("ask", "go", "fork") } : [],
                        (fork, first, "one"),
                        (fork, second, "two"),
                        ("one", "Success", "join"),
                        ("two", "Success", "join"),
                        ("join", "Success", "ask"),
                    ]
                )
            )
        );
        var run = await host.StartAsync("rounds");
        for (var round = 1; round <= 3; round++)
        {
            await run.SubmitAsync("go", FlowValue.From(FlowObject.Empty));
            Assert.Equal("ask", run.Screen);
            var path = await run.PathAsync();
            Assert.Equal(
                (round + 1, round, round, round),
                (Times(path, "ask"), Times(path, "one"), Times(path, "two"), Times(path, "join"))
            );
        }
    }

    /// <summary>A loop that is left in its second round for what is entered from before it too.</summary>
    [Theory]
    [InlineData(FlowchartExecutionMode.CounterBased)]
    [InlineData(FlowchartExecutionMode.TokenBased)]
    public async Task LoopThatIsLeftForWhatIsEnteredFromBefore_IsLeft(FlowchartExecutionMode mode)
    {
        await using var host = await ElsaHost.StartAsync(mode: mode);
        await host.ImportAsync(
            Screens(
                Chart(
                    "left",
                    [Screen("first"), Screen("ask"), Screen("last")],
                    ("first", "go", "ask"),
                    ("first", "out", "last"),
                    ("ask", "go", "ask"),
                    ("ask", "out", "last"),
                    ("last", "go", "first")
                )
            )
        );
        var run = await host.StartAsync("left");
        foreach (var button in new[] { "go", "go", "go", "out", "go", "out", "go", "go", "out" })
            await run.SubmitAsync(button, FlowValue.From(FlowObject.Empty));

        Assert.Equal(
            ["first", "ask", "ask", "ask", "last", "first", "last", "first", "ask", "last"],
            (await run.PathAsync()).Where(id => id is "first" or "ask" or "last")
        );
        Assert.True(run.Waits);
    }

    private static int Times(IReadOnlyList<string> path, string id) => path.Count(each => each == id);

    private static Dictionary<string, object> Screen(string id) => Activity(id, "FlowEngine.Screen", ("screen", Literal("ask")));

    private static Dictionary<string, object> Script(string id) =>
        Activity(id, "FlowEngine.Scriptlet", ("contextKey", Literal(id)), ("code", Literal("return 1;")));

    /// <summary>Gives a definition the screen of these workflows.</summary>
    private static string Screens(string definition) =>
        definition.Insert(
            1,
            """
            "customProperties":{"screens":[{"id":"ask","components":[{"type":"Button","id":"go"},{"type":"Button","id":"out"}]}]},
            """
        );
}
