using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.HttpConnector.Tests.Connectors;

/// <summary>The circuit breaker of a connector: off by default, shared by its activities, tried again after its break.</summary>
public sealed class CircuitBreakerTests
{
    private const string Breaker =
        """{ "circuitBreaker": { "failureRatio": 0.5, "minimumThroughput": 4, "samplingSeconds": 30, "breakSeconds": 15 } }""";

    [Fact]
    public async Task Circuit_OpensAfterFailuresAndClosesAfterASuccess()
    {
        var time = new FakeTimeProvider();
        var status = 500;
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(Volatile.Read(ref status)));
        await using var flow = TestFlow.Compile(server.Url, "{}", Breaker, new() { Egress = Transports.Loopback, Time = time });

        for (var i = 0; i < 4; i++)
            Assert.Equal("500", (await flow.RunAsync()).Call().Get("statusCode").ToText());
        for (var i = 0; i < 3; i++)
            (await flow.RunAsync()).AssertExecutionError("http.circuit_open");
        Assert.Equal(4, server.Requests.Count);

        // Half open: one call tries; it fails, and the circuit stays open for another break.
        time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal("500", (await flow.RunAsync()).Call().Get("statusCode").ToText());
        (await flow.RunAsync()).AssertExecutionError("http.circuit_open");

        time.Advance(TimeSpan.FromSeconds(15));
        Volatile.Write(ref status, 200);
        for (var i = 0; i < 3; i++)
            Assert.Equal("Success", (await flow.RunAsync()).EndName);
        Assert.Equal(8, server.Requests.Count);
    }

    [Theory]
    [InlineData(404, false)]
    [InlineData(401, false)]
    [InlineData(200, false)]
    [InlineData(429, true)]
    [InlineData(503, true)]
    public async Task Circuit_CountsOnlyFailuresOfTheApi(int status, bool opens)
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(status));
        await using var flow = TestFlow.Compile(server.Url, "{}", Breaker);

        for (var i = 0; i < 6; i++)
            await flow.RunAsync();

        Assert.Equal(opens ? 4 : 6, server.Requests.Count);
    }

    [Fact]
    public async Task Circuit_ThatOpensDuringRetries_EndsThem()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(503));
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "retry": { "attempts": 8, "on": ["5xx"] }, "timeout": 60 }""",
            Breaker,
            new() { Egress = Transports.Loopback, Time = new HurriedTime(TimeSpan.FromSeconds(14)) }
        );

        (await flow.RunAsync()).AssertExecutionError("http.circuit_open");

        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public async Task Circuit_IgnoresCallsThatWereCancelled()
    {
        var cancellation = new CancellationTokenSource();
        await using var server = LoopbackServer.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await cancellation.CancelAsync();
            await connection.HoldAsync();
        });
        await using var flow = TestFlow.Compile(server.Url, "{}", Breaker);

        for (var i = 0; i < 6; i++)
        {
            cancellation = new CancellationTokenSource();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
                Execution.FlowExecutor.AdvanceAsync(flow.Start(), cancellation.Token).AsTask()
            );
        }

        Assert.Equal(6, server.Connections);
    }

    [Fact]
    public async Task WithoutConfiguration_ThereIsNone()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(500));
        await using var flow = TestFlow.Compile(server.Url);

        for (var i = 0; i < 50; i++)
            Assert.Equal("500", (await flow.RunAsync()).Call().Get("statusCode").ToText());
    }
}
