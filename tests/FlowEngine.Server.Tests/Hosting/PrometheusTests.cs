using System.Net;
using System.Text.RegularExpressions;
using FlowEngine.Context;
using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Hosting;

/// <summary>Prometheus fetches the metrics from an address of its own, and the dashboard shows some that there are.</summary>
[Trait("Category", "cluster")]
public sealed partial class PrometheusTests
{
    [Fact]
    public async Task Metrics_OfALogin_AreThoseOfTheDashboard_AndNotAtTheServersAddress()
    {
        var address = $"http://127.0.0.1:{FreePort.Next()}";
        await using var server = await ServeProcess.StartAsync(_ => ["--demo", "--set", $"Telemetry:Prometheus={address}"]);
        await server.SignInAsync("ada@example.com");
        await server.SignInAsync("broken@example.com");
        using var http = new HttpClient();

        var metrics = await http.GetStringAsync($"{address}/metrics", TestContext.Current.CancellationToken);

        var known = Family().Matches(metrics).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        var dashboard = FlowValue.Parse(
            await File.ReadAllTextAsync(
                Path.Combine(FlowEngineProcess.Repository, "deploy", "grafana-dashboard.json"),
                TestContext.Current.CancellationToken
            )
        );
        dashboard.Get("panels").TryGetArray(out var panels);
        Assert.NotEmpty(panels!);
        foreach (var panel in panels!)
        {
            panel.Get("targets").TryGetArray(out var targets);
            foreach (var target in targets!)
            {
                var used = Used().Matches(target.Get("expr").ToText()).Select(match => match.Value).ToList();
                Assert.NotEmpty(used);
                Assert.All(used, name => Assert.Contains(name, known));
            }
        }
        // What is counted by is told as well, and nobody's name.
        Assert.Matches("flowengine_run_errors_total\\{[^}]*error_type=\"http.status\"[^}]*flow_connector_id=\"profile-api\"", metrics);
        Assert.DoesNotContain("example.com", metrics, StringComparison.Ordinal);
        using var own = await server.Http.GetAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, own.StatusCode);
    }

    [GeneratedRegex(@"^([a-z][a-z0-9_]*)(?=[ {])", RegexOptions.Multiline)]
    private static partial Regex Family();

    [GeneratedRegex(@"\b(flowengine|http|dotnet|kestrel)_[a-z0-9_]+(?=[ {)\[]|$)(?<!http_route)(?<!http_response_status_code)")]
    private static partial Regex Used();
}
