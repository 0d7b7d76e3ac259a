using System.Net;
using FlowEngine.Activities;
using FlowEngine.Compilation;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.HttpConnector;
using FlowEngine.HttpConnector.Tests.Servers;
using FlowEngine.HttpConnector.Wire.Egress;
using FlowEngine.Model;

namespace FlowEngine.ElsaFormat.Tests;

/// <summary>What Elsa 3.7.1 did in 72 combinations of expected codes, connected ports and answers of a server: here the imported flow, with
/// the connector that the import suggests and against a server like that one, does the same or the import reported it.</summary>
public sealed class ElsaHttpRequestTests
{
    private static readonly FlowValue Recording = FlowValue.Parse(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "recordings", "elsa-send-http-request.json"))
    );

    public static TheoryData<string, string, string, string> Cases =>
        [
            .. Items(Recording.Get("cases"))
                .Select(item =>
                    (
                        item.Get("expectedStatusCodes").ToJson(),
                        string.Join('|', Items(item.Get("connected")).Select(port => port.ToText())),
                        item.Get("answer").ToText(),
                        item.Get("elsa").ToText()
                    )
                ),
        ];

    [Fact]
    public void Recording_Has72Cases() => Assert.Equal(72, Cases.Count);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Read_HttpRequest_LeavesAsElsaOrIsReported(string codes, string connected, string answer, string elsa)
    {
        await using var server = LoopbackServer.Answering(request => Answer(request.Target));
        var url = answer == "dead" ? "http://127.0.0.1:1/x" : server.Url + answer;
        var problems = new DiagnosticBag();
        var flow = ElsaReader.Read(FlowValue.Parse(Chart(url, codes, connected.Split('|'))), null, problems)!;

        var reports = problems.Items.Where(problem => problem.Code != "elsa.connector").ToList();
        if (connected == "200|Done")
        {
            // Two outcomes at once: the import refuses.
            Assert.Equal(
                ["Warning elsa.silent_end /root/activities/0", "Error elsa.unsupported_connection /root/connections/1/source/port"],
                reports.Select(problem => $"{problem.Severity} {problem.Code} {problem.Pointer}").Order(StringComparer.Ordinal).Reverse()
            );
            return;
        }

        var ours = await RunAsync(flow, connected.Split('|'), problems.Items.Single(problem => problem.Code == "elsa.connector"));
        if (elsa == "(ends)" && ours == "fault")
        {
            var report = Assert.Single(reports);
            Assert.Equal("Warning elsa.silent_end /root/activities/0", $"{report.Severity} {report.Code} {report.Pointer}");
            Assert.Contains(answer == "dead" ? "Failed to connect" : "Unmatched status code", report.Message, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(elsa, ours);
        }
    }

    private static string Answer(string path) =>
        path switch
        {
            "/302" => "HTTP/1.1 302 Found\r\nLocation: /200\r\nContent-Length: 0\r\n\r\n",
            "/204" => "HTTP/1.1 204 No Content\r\n\r\n",
            "/badjson" => "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\n{bad",
            _ => $"HTTP/1.1 {path[1..]} X\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}",
        };

    private static string Chart(string url, string codes, string[] connected)
    {
        var ends = string.Concat(connected.Select((_, i) => $$""", { "id": "to{{i}}", "type": "Elsa.End" }"""));
        var connections = string.Join(
            ",",
            connected.Select(
                (port, i) => $$"""{ "source": { "activity": "call", "port": "{{port}}" }, "target": { "activity": "to{{i}}" } }"""
            )
        );
        return $$"""
            { "definitionId": "chart", "root": { "type": "Elsa.Flowchart", "activities": [
              { "id": "call", "type": "Elsa.FlowSendHttpRequest", "url": { "expression": { "type": "Literal", "value": "{{url}}" } },
                "expectedStatusCodes": { "expression": { "type": "Object", "value": {{codes}} } } }{{ends}} ],
              "connections": [ {{connections}} ] } }
            """;
    }

    /// <summary>The port that Elsa's flow would have left by, told by where the run came to.</summary>
    private static async Task<string> RunAsync(FlowDefinition flow, string[] connected, Diagnostic suggestion)
    {
        var advice = suggestion.Advice!;
        var file = FlowValue.Parse(advice[advice.IndexOf('{', StringComparison.Ordinal)..]);
        var options = new HttpModuleOptions { Egress = new EgressOptions { AllowPrivateNetworks = true } };
        var connectors = new ConnectorSet([.. HttpModule.ConnectorTypes(options)]);
        var problems = new DiagnosticBag();
        connectors.Set(ConnectorDefinition.Read(file, null, problems)!);
        Assert.Empty(problems.Items);

        var environment = new CompilationEnvironment
        {
            Activities = new ActivityCatalog(HttpModule.ActivityTypes),
            Connectors = connectors,
        };
        var result = FlowCompiler.Compile(flow, environment);
        Assert.True(result.Plan is not null, string.Join("\n", result.Diagnostics));
        var run = FlowRun.Start(result.Plan, new RunStart(), RunServices.Default with { Trace = true });
        await FlowExecutor.AdvanceAsync(run, TestContext.Current.CancellationToken);
        if (run.Failure is not null)
            return "fault";

        var end = run.Trace![^1].Activity;
        return end == "end" ? "(ends)" : connected[end[^1] - '0'];
    }

    private static FlowArray Items(FlowValue list) => list.TryGetArray(out var array) ? array : FlowArray.Empty;
}
