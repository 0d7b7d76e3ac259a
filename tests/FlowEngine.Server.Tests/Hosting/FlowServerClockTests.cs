using System.Globalization;
using System.Net;
using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Hosting;

/// <summary>The machine's clock is set back and ahead under a server that runs: nothing goes by it that needs an order.</summary>
[Trait("Category", "cluster")]
public sealed class FlowServerClockTests
{
    private static CancellationToken Stop => TestStorage.Stop;

    [Fact]
    public async Task Clock_SetBackAndAhead_LoginsGoOn()
    {
        using var clock = new FakeClock();
        await using var server = await ServeProcess.StartAsync(_ => ["--demo"], clock.Environment);
        var refresh = (await server.SignInAsync("ada@example.com")).Get("authInfo").Get("refreshJwt").ToText();
        var before = await DateAsync(server);

        foreach (
            var (offset, isExpired) in new[]
            {
                ("-4m", false),
                ("-6m", false),
                ("-400d", false),
                ("+0", true),
                ("+6m", false),
                ("+400d", true),
                ("+0", false),
            }
        )
        {
            var begun = await server.BeginAsync();
            await clock.SetAsync(offset);

            Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("/readyz", Stop)).StatusCode);
            Assert.Equal("completed", (await server.SignInAsync("ada@example.com")).Get("status").ToText());
            // What was begun under the clock before has expired only where the clock went over its time.
            var (_, done, text) = await server.SubmitAsync(begun, "ada@example.com");
            Assert.True(
                isExpired ? done.Get("error").Get("code").ToText() == "run.expired" : done.Get("status").ToText() == "completed",
                $"{offset}: {text}"
            );
        }

        // A token of before, after all of it.
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("/v1/auth/refresh", "{}", refresh)).Status);
        await clock.SetAsync("-400d");
        // Kestrel looks at the clock for this header once a second.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((before - await DateAsync(server)).TotalDays is < 399 or > 401)
            await Task.Delay(100, limit.Token);
    }

    [Theory]
    [InlineData("-400d")]
    [InlineData("+400d")]
    public async Task Clock_OffAtARestart_LoginsGoOn(string offset)
    {
        using var clock = new FakeClock();
        await using var server = await ServeProcess.StartAsync(_ => ["--demo"], clock.Environment);
        Assert.Equal("completed", (await server.SignInAsync("ada@example.com")).Get("status").ToText());
        await server.KillAsync();

        clock.Set(offset);
        await server.StartAsync();
        Assert.Equal("completed", (await server.SignInAsync("ada@example.com")).Get("status").ToText());

        await clock.SetAsync("+0");
        Assert.Equal("completed", (await server.SignInAsync("ada@example.com")).Get("status").ToText());
        await server.KillAsync();
        await server.StartAsync();
        Assert.Equal("completed", (await server.SignInAsync("ada@example.com")).Get("status").ToText());
    }

    /// <summary>By the clock, the run was stored in an hour: nobody waits for that.</summary>
    [Fact]
    public async Task Clock_SetBackWhileTheServerIsDown_StoppedRunsGoOnByThemselves()
    {
        using var clock = new FakeClock();
        await using var api = await BoundaryApi.StartAsync();
        await using var server = await BoundaryServer.StartAsync(api, null, clock.Environment);
        var at = await server.BeginAsync("steps");
        var boundary = api.StopAt("/two", isAnswered: false);
        var lost = server.SubmitAsync(at, "");
        await boundary;
        await server.KillAsync();
        await BoundaryServer.LostAsync(lost);

        clock.Set("-1h");
        var end = api.StopAt("/three", isAnswered: true);
        await server.StartAsync();
        await end.WaitAsync(TimeSpan.FromSeconds(60), Stop);

        Assert.Equal(["/one", "/two", "/two", "/three"], api.CallsOf(at.Get("executionId").ToText()).Select(call => call.Path));
    }

    private static async Task<DateTimeOffset> DateAsync(ServeProcess server)
    {
        using var answer = await server.Http.GetAsync("/readyz", Stop);
        return DateTimeOffset.Parse(answer.Headers.NonValidated["Date"].ToString(), CultureInfo.InvariantCulture);
    }
}
