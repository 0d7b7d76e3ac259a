using System.Net;
using System.Text;
using FlowEngine.Context;
using FlowEngine.Server.Tests.Serve;
using FlowEngine.Tests;

namespace FlowEngine.Server.Tests.Telemetry;

/// <summary>One login is one trace, from the caller's span to the API that a connector calls; and nothing secret goes with it.</summary>
public sealed class TelemetryExportTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Caller = "b7ad6b7169203331";
    private const string Secret = "s3cret-of-the-connector";
    private const string Password = "pass-word-of-the-person";

    private const string Flow = """
        { "id": "traced", "start": "ask",
          "activities": [ { "id": "ask", "type": "Screen", "screen": "ask" },
            { "id": "call", "type": "GenericHttp", "connector": "up", "contextKey": "call", "endpoint": "/api",
              "query": { "token": "{{form.password}}" } },
            { "id": "user", "type": "SetUser", "user": { "userId": "ada" } },
            { "id": "done", "type": "End" } ],
          "connections": [ { "source": "ask", "port": "submit", "target": "call" },
            { "source": "call", "port": "Success", "target": "user" }, { "source": "user", "port": "Done", "target": "done" } ],
          "screens": [ { "id": "ask", "title": "Hello",
            "components": [ { "type": "PasswordInput", "name": "password", "label": "Password" },
            { "type": "Button", "id": "submit", "text": "Go" } ] } ] }
        """;

    [Fact]
    public async Task Export_SpansAndMetrics_OfOneLogin()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var server = await ServeProcess.StartAsync(workspace =>
        {
            workspace.Write(
                "flows/connectors/up.connector.json",
                $$"""
                { "id": "up", "type": "http", "configuration": { "baseUrl": "{{collector.Address}}",
                  "authentication": { "method": "bearerToken", "bearerToken": "{{Secret}}" } } }
                """
            );
            var file = workspace.Write("flows/traced.flow.json", Flow);
            return
            [
                "--flows",
                Path.GetDirectoryName(file)!,
                "--set",
                "Egress:AllowPrivateNetworks=true",
                "--set",
                $"Telemetry:Otlp={collector.Address}",
            ];
        });

        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/flow/start?session=query-secret")
        {
            Content = new StringContent(
                $$"""{ "flowId": "traced", "interactionId": "submit", "input": { "password": "{{Password}}" } }""",
                Encoding.UTF8,
                "application/json"
            ),
        };
        request.Headers.Add("traceparent", $"00-{Trace}-{Caller}-01");
        request.Headers.Add("baggage", "who=somebody");
        using var answer = await server.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var done = FlowValue.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal("completed", done.Get("status").ToText());
        // One run waits: its id is a key to it.
        var waiting = await server.BeginAsync("traced");
        using var visitor = new Screens.Visitor(server.Address);
        await visitor.GetAsync("/login/traced?state=state-secret");
        Assert.Equal(0, await server.TerminateAsync());

        var spans = collector.Spans.Where(span => span.TraceId == Trace).ToList();
        var http = Assert.Single(spans, span => span.ParentId == Caller);
        var call = Assert.Single(spans, span => span.Name == "flow.call");
        var run = Assert.Single(spans, span => span.Name == "flow.run" && span.Tags.ContainsKey("flow.run_id"));
        var connector = Assert.Single(spans, span => span.Name == "GenericHttp");
        Assert.Equal("/v1/flow/start", http.Tags["url.path"].TrimEnd('/'));
        Assert.Equal((http.Id, call.Id), (call.ParentId, run.ParentId));
        Assert.Equal(run.Id, connector.ParentId);
        Assert.Equal(("call", "up"), (connector.Tags["flow.activity.id"], connector.Tags["flow.connector.id"]));
        Assert.Equal(done.Get("executionId").ToText(), run.Tags["flow.run_id"]);

        // The API that was called is in the same trace, and hears nothing else of the caller. Sending spans is no span.
        var attempt = Assert.Single(
            collector.Spans,
            span =>
                span.Tags.ContainsKey("http.request.method")
                && span.Tags.ContainsKey("network.protocol.version")
                && !span.Tags.ContainsKey("http.route")
        );
        var upstream = Assert.Single(collector.Calls);
        Assert.Equal((connector.Id, $"00-{Trace}-{attempt.Id}-01"), (attempt.ParentId, upstream["traceparent"]));
        Assert.False(attempt.Tags.ContainsKey("url.full"));
        Assert.False(upstream.ContainsKey("baggage"));

        Assert.Superset(
            new HashSet<string>
            {
                "flowengine.activity.duration",
                "flowengine.run.advances",
                "http.server.request.duration",
                "kestrel.active_connections",
                "dotnet.process.memory.working_set",
            },
            collector.Metrics.ToHashSet()
        );
        Assert.All(
            collector.Received,
            message =>
                SecretSweep.AssertNone(
                    Encoding.Latin1.GetString(message),
                    [
                        Secret,
                        Password,
                        "query-secret",
                        "state-secret",
                        waiting.Get("executionId").ToText(),
                        visitor.Path.Split('?')[0].Split('/')[^1],
                        done.Get("authInfo").Get("sessionJwt").ToText(),
                    ]
                )
        );
    }

    [Fact]
    public async Task Log_InJson_TellsAFailedRunAndNoSecrets()
    {
        await using var server = await ServeProcess.StartAsync(workspace =>
        {
            // Nothing listens there, and without a screen to return to the run fails.
            workspace.Write(
                "flows/connectors/up.connector.json",
                $$"""
                { "id": "up", "type": "http", "configuration": { "baseUrl": "http://127.0.0.1:1",
                  "authentication": { "method": "bearerToken", "bearerToken": "{{Secret}}" } } }
                """
            );
            var file = workspace.Write(
                "flows/failing.flow.json",
                """
                { "id": "failing", "start": "call", "access": "public", "inputs": { "token": { "sensitive": true } },
                  "activities": [ { "id": "call", "type": "GenericHttp", "connector": "up", "contextKey": "call", "endpoint": "/api",
                    "query": { "token": "{{client.token}}" } }, { "id": "done", "type": "End" } ],
                  "connections": [ { "source": "call", "port": "Success", "target": "done" } ] }
                """
            );
            return ["--flows", Path.GetDirectoryName(file)!, "--set", "Egress:AllowPrivateNetworks=true", "--set", "Logging:Format=json"];
        });
        var key = await server.ManagementKeyAsync();

        var (_, failed, _) = await server.PostAsync(
            "/v1/flow/start",
            $$"""{ "flowId": "failing", "options": { "client": { "token": "{{Password}}" } } }"""
        );
        await server.PostAsync("/v1/mgmt/flow/run", """{ "flowId": "failing" }""", key);
        Assert.Equal(0, await server.TerminateAsync());

        Assert.Equal("failed", failed.Get("status").ToText());
        var lines = server.Output.Split('\n').Where(line => line.StartsWith('{')).Select(FlowValue.Parse).ToList();
        var line = lines.First(line => line.Get("EventId").ToText() == "1401");
        Assert.Equal(
            ("Warning", "failing", "call", "http.connect"),
            (
                line.Get("LogLevel").ToText(),
                line.Get("State").Get("Flow").ToText(),
                line.Get("State").Get("Activity").ToText(),
                line.Get("State").Get("Code").ToText()
            )
        );
        Assert.Equal(FlowEngine.Tracing.FlowTelemetry.Reference(failed.Get("executionId").ToText()), line.Get("State").Get("Run").ToText());
        Assert.True(line.Get("Scopes").TryGetArray(out var scopes));
        Assert.Contains(scopes, scope => !scope.Get("RequestId").IsMissing);
        Assert.Contains(scopes, scope => !scope.Get("TraceId").IsMissing);
        SecretSweep.AssertNone(server.Output, [key, Secret, Password, failed.Get("executionId").ToText()]);
    }
}
