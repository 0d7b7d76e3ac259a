using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Authentication;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;
using FlowEngine.Screens;

namespace FlowEngine.HttpConnector.Tests;

/// <summary>Which way a flow goes after an error, by the event's mode (SPEC 6).</summary>
public sealed class GenericHttpErrorEventTests
{
    private static readonly ScreenSubmission Submission = new(
        "submit",
        FlowValue.Parse("""{ "email": "a@b.c", "password": "hunter22" }""")
    );

    public static TheoryData<string, string> Failures =>
        new()
        {
            { "Generic HTTP Error", "HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n" },
            { "Generic HTTP Error", "HTTP/1.1 301 X\r\nLocation: /\r\nContent-Length: 0\r\n\r\n" },
            { "Connector Execution", "HTTP/1.1 200 X\r\nContent-Type: application/json\r\nContent-Length: 1\r\n\r\n{" },
            { "Connector Execution", "" },
        };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Automatic_ReturnsToTheLastScreenWithTheMessage(string errorEvent, string answer)
    {
        await using var server = LoopbackServer.Sending(answer);
        foreach (
            var (handling, message) in ((string, string)[])
                [
                    ("{}", FlowExecutor.DefaultErrorText),
                    ($$"""{ "{{errorEvent}}": { "mode": "automatic", "message": "Try later" } }""", "Try later"),
                ]
        )
        {
            await using var flow = TestFlow.Compile(server.Url, $$"""{ "errorHandling": {{handling}} }""", startsWithScreen: true);
            var run = await flow.RunAsync();

            Assert.Null(await FlowExecutor.SubmitAsync(run, Submission));

            Assert.Equal((RunStatus.Waiting, message), (run.Status, run.ErrorText));
            Assert.Equal(["signIn", "call", "signIn"], run.Path);
            Assert.Equal(errorEvent, run.Error().Get("event").ToText());
            Assert.Equal("call", run.Error().Get("activity").ToText());
            Assert.Equal(run.Error().Get("code"), run.Call().Get("error").Get("code"));
        }
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Automatic_WithoutAScreen_FailsTheRun(string errorEvent, string answer)
    {
        await using var server = LoopbackServer.Sending(answer);
        await using var flow = TestFlow.Compile(server.Url, """{ "errorHandling": {} }""");

        var run = await flow.RunAsync();

        Assert.Equal((RunStatus.Failed, errorEvent), (run.Status, run.Failure!.Event));
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Custom_LeavesByTheOutcomeOfThatEvent(string errorEvent, string answer)
    {
        await using var server = LoopbackServer.Sending(answer);
        await using var flow = TestFlow.Compile(server.Url);

        var run = await flow.RunAsync();

        Assert.Equal((RunStatus.Completed, errorEvent), (run.Status, run.EndName));
        Assert.Equal(errorEvent, run.Trace![0].Outcome);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Ignore_LeavesBySuccessAndTheContextStillSaysWhatHappened(string errorEvent, string answer)
    {
        await using var server = LoopbackServer.Sending(answer);
        await using var flow = TestFlow.Compile(server.Url, $$"""{ "errorHandling": { "{{errorEvent}}": "ignore" } }""");

        var run = await flow.RunAsync();

        Assert.Equal("Success", run.EndName);
        Assert.Equal(errorEvent, run.Call().Get("error").Get("event").ToText());
        Assert.Equal(errorEvent, run.Error().Get("event").ToText());
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Ignore_OfTheOtherEvent_ChangesNothing(string errorEvent, string answer)
    {
        var other = errorEvent == GenericHttp.HttpErrorEvent ? GenericHttp.ExecutionEvent : GenericHttp.HttpErrorEvent;
        await using var server = LoopbackServer.Sending(answer);
        await using var flow = TestFlow.Compile(server.Url, $$"""{ "errorHandling": { "{{other}}": "ignore" } }""");

        Assert.Equal(RunStatus.Failed, (await flow.RunAsync()).Status);
    }

    [Fact]
    public async Task Result_OfALaterSuccess_ReplacesTheErrorOfAnEarlierTry()
    {
        var answers = 0;
        await using var server = LoopbackServer.Answering(_ =>
            LoopbackServer.Reply(Interlocked.Increment(ref answers) == 1 ? 429 : 200, "x")
        );
        await using var flow = TestFlow.Compile(server.Url, """{ "errorHandling": {} }""", startsWithScreen: true);
        var run = await flow.RunAsync();

        await FlowExecutor.SubmitAsync(run, Submission);
        Assert.Equal(RunStatus.Waiting, run.Status);
        await FlowExecutor.SubmitAsync(run, Submission);

        Assert.Equal("Success", run.EndName);
        Assert.Equal("""{"statusCode":200,"body":"x"}""", run.Answer());
    }

    [Fact]
    public async Task Cancellation_IsNeitherErrorNorRetry()
    {
        using var cancellation = new CancellationTokenSource();
        await using var server = LoopbackServer.AnsweringAsync(async _ =>
        {
            await cancellation.CancelAsync();
            await Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken)
                .ContinueWith(_ => { }, TaskScheduler.Default)
                .WaitAsync(TimeSpan.FromMilliseconds(200))
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return LoopbackServer.Reply(200);
        });
        await using var flow = TestFlow.Compile(server.Url, """{ "retry": { "attempts": 3, "on": ["timeout", "connect", "5xx"] } }""");
        var run = flow.Start();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => FlowExecutor.AdvanceAsync(run, cancellation.Token).AsTask());

        Assert.Single(server.Requests);
        Assert.Equal((RunStatus.Running, "{}"), (run.Status, run.Context.Get(Templates.ContextRoot.Connectors).ToJson()));
        Assert.True(run.Error().IsMissing);
        Assert.Empty(run.Trace!);
    }

    [Theory]
    [InlineData("retry")]
    [InlineData("token")]
    public async Task Cancellation_WhileWaiting_EndsTheWait(string wait)
    {
        using var cancellation = new CancellationTokenSource();
        await using var tokens = LoopbackServer.Start(async connection =>
        {
            await cancellation.CancelAsync();
            await connection.HoldAsync();
        });
        await using var server = LoopbackServer.Answering(_ =>
        {
            cancellation.CancelAfter(100);
            return LoopbackServer.Reply(503, "", "Retry-After: 9\r\n");
        });
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "retry": { "attempts": 1 } }""",
            wait == "retry" ? "{}" : OAuth2ClientCredentialsAuthenticationInFlowsTests.Configuration(tokens.Url)
        );
        var run = flow.Start();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            FlowExecutor.AdvanceAsync(run, cancellation.Token).AsTask().WaitAsync(TimeSpan.FromSeconds(5))
        );

        Assert.Equal(wait == "retry" ? 1 : 0, server.Requests.Count);
        Assert.Equal(RunStatus.Running, run.Status);
    }
}
