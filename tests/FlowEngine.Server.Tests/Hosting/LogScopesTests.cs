using System.Diagnostics;
using FlowEngine.Server.Hosting;
using FlowEngine.Tests;
using FlowEngine.TestServers;
using Microsoft.Extensions.Logging;

namespace FlowEngine.Server.Tests.Hosting;

/// <summary>Whoever reads the log gets nothing with which to go on with somebody's login.</summary>
public sealed class LogScopesTests
{
    [Fact]
    public void ForEachScope_TellsWhatIsAllowedAndNothingElse()
    {
        var scopes = new LogScopes();
        using var span = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        using var request = scopes.Push(new Dictionary<string, object?> { ["RequestId"] = "r1", ["RequestPath"] = "/login/f/the-run" });
        using var text = scopes.Push("the-run");
        using var more = scopes.Push(new Dictionary<string, object?> { ["Anything"] = "the-run" });
        var told = new List<string>();
        scopes.ForEachScope(
            (scope, list) =>
                list.Add(
                    string.Join(',', ((IEnumerable<KeyValuePair<string, object?>>)scope!).Select(member => $"{member.Key}={member.Value}"))
                        + scope
                ),
            told
        );

        Assert.Equal(2, told.Count);
        Assert.StartsWith($"SpanId={span.SpanId},TraceId={span.TraceId}", told[0], StringComparison.Ordinal);
        Assert.Equal("RequestId=r1RequestId:r1", told[1]);
    }

    [Fact]
    public async Task Log_LineOfARequestForARunThatWaits_DoesNotTellItsId()
    {
        await using var server = await ServeProcess.StartAsync(_ => ["--demo", "--set", "Logging:Format=json"]);
        using var visitor = new Visitor(server.Address);
        await visitor.GetAsync("/login/login");
        var id = visitor.Path.Split('?')[0].Split('/')[^1];
        var waiting = await server.BeginAsync("login");
        // The flow takes what its API answers by an outcome of its own; the log tells of it all the same.
        await server.SignInAsync("ghost@example.com");
        // The first request with this header is told, with the scopes of its request.
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/login/login/{id}");
        request.Headers.Add("X-Forwarded-For", "192.0.2.1");
        using var answer = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(0, await server.TerminateAsync());

        Assert.Contains("\"EventId\":1301", server.Output, StringComparison.Ordinal);
        Assert.Contains("\"EventId\":1402", server.Output, StringComparison.Ordinal);
        Assert.Contains("\"RequestId\"", server.Output, StringComparison.Ordinal);
        SecretSweep.AssertNone(server.Output, [id, waiting.Get("executionId").ToText()]);
    }
}
