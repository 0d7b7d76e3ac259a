using Elsa.Workflows;
using FlowEngine.Context;
using FlowEngine.ElsaActivities.Hosting;
using FlowEngine.HttpConnector.Tests.Servers;
using static FlowEngine.ElsaActivities.HostTests.Definition;

namespace FlowEngine.ElsaActivities.HostTests;

/// <summary>The recordings that the import is tested against everywhere are what this Elsa does: its conditions, and its HTTP requests.</summary>
public sealed class RecordedBehaviourTests(RecordedBehaviourTests.Fixture fixture) : IClassFixture<RecordedBehaviourTests.Fixture>
{
    private static readonly FlowValue Conditions = Recording("elsa-conditions.json");
    private static readonly FlowValue Requests = Recording("elsa-send-http-request.json");

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

    public static TheoryData<string, string, string> ConditionCases =>
        [.. Items(Conditions.Get("cases")).Select(item => (Text(item, "activity"), Text(item, "case"), Text(item, "elsa")))];

    public static TheoryData<string, string, string, string> RequestCases =>
        [
            .. Items(Requests.Get("cases"))
                .Select(item =>
                    (
                        item.Get("expectedStatusCodes").ToJson(),
                        string.Join('|', Items(item.Get("connected")).Select(port => port.ToText())),
                        Text(item, "answer"),
                        Text(item, "elsa")
                    )
                ),
        ];

    [Fact]
    public void Recordings_AreWhole() => Assert.Equal((47, 72), (ConditionCases.Count, RequestCases.Count));

    [Theory]
    [MemberData(nameof(ConditionCases))]
    public async Task Condition_DecidesAsRecorded(string activity, string condition, string elsa)
    {
        var json = activity == "FlowSwitch" ? Switch(Switches[condition]) : Decision(condition);
        Assert.Equal(elsa, await LeavesByAsync(json, activity == "FlowSwitch" ? ["A", "B", "Default"] : ["True", "False"]));
    }

    [Theory]
    [MemberData(nameof(RequestCases))]
    public async Task HttpRequest_LeavesAsRecorded(string codes, string connected, string answer, string elsa)
    {
        await using var server = LoopbackServer.Answering(request => Answer(request.Target));
        var url = answer == "dead" ? "http://127.0.0.1:1/x" : server.Url + answer;
        var call = Activity(
            "d",
            "Elsa.FlowSendHttpRequest",
            ("url", Literal(url, "Uri")),
            ("method", Literal("GET")),
            ("expectedStatusCodes", Of("Object", codes, "Int32[]"))
        );
        Assert.Equal(elsa, await LeavesByAsync(call, connected.Split('|')));
    }

    private static Dictionary<string, object> Decision(string condition) =>
        Activity("d", "Elsa.FlowDecision", ("condition", Script(condition, "Boolean")));

    private static Dictionary<string, object> Switch((string A, string B, string? Mode) cases)
    {
        var activity = Activity(
            "d",
            "Elsa.FlowSwitch",
            (
                "cases",
                new[] { ("A", cases.A), ("B", cases.B) }.Select(one => new
                {
                    label = one.Item1,
                    condition = new { type = "JavaScript", value = one.Item2 },
                })
            )
        );
        if (cases.Mode is { } mode)
            activity["mode"] = Literal(mode, "Elsa.Workflows.Activities.SwitchMode, Elsa.Workflows.Core");
        return activity;
    }

    private static string Answer(string path) =>
        path switch
        {
            "/302" => "HTTP/1.1 302 Found\r\nLocation: /200\r\nContent-Length: 0\r\n\r\n",
            "/204" => "HTTP/1.1 204 No Content\r\n\r\n",
            "/badjson" => "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\n{bad",
            _ => $"HTTP/1.1 {path[1..]} X\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}",
        };

    /// <summary>The ports by which the workflow left an activity; <c>fault</c> when it faulted, <c>(ends)</c> when it ended there.</summary>
    private async Task<string> LeavesByAsync(object activity, string[] ports)
    {
        var ends = ports.Select((_, i) => Activity($"to{i}", "Elsa.End"));
        await fixture.Host.ImportAsync(Chart("recorded", [activity, .. ends], [.. ports.Select((port, i) => ("d", port, $"to{i}"))]));
        var run = await fixture.Host.StartAsync("recorded", (IDictionary<string, object>)HostedValue.ToObject(Conditions.Get("inputs"))!);
        if (run.SubStatus == WorkflowSubStatus.Faulted)
            return "fault";
        Assert.Equal(WorkflowSubStatus.Finished, run.SubStatus);
        var left = (await run.PathAsync())
            .Where(id => id.StartsWith("to", StringComparison.Ordinal))
            .Select(id => ports[id[2] - '0'])
            .ToList();
        return left.Count == 0 ? "(ends)" : string.Join('+', left);
    }

    private static FlowValue Recording(string file) =>
        FlowValue.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "recordings", file)));

    private static string Text(FlowValue item, string name) => item.Get(name).ToText();

    private static FlowArray Items(FlowValue list) => list.TryGetArray(out var array) ? array : FlowArray.Empty;

    /// <summary>One host for all.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        internal ElsaHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Host = await ElsaHost.StartAsync();

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
