using FlowEngine.Context;
using FlowEngine.TestServers;

namespace FlowEngine.AspNetCore.Tests.Runs;

/// <summary>A flow with <c>durability: "step"</c> goes on where the server died.</summary>
public sealed class RunRecoveryTests(PostgresFixture postgres)
{
    private static readonly string[] Steps = ["/one", "/two", "/three"];

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Kill_AtEveryBoundary_TheRunGoesOnAndEachStepHasOneKey(StoreEngine engine)
    {
        await using var api = await BoundaryApi.StartAsync();
        var database = engine == StoreEngine.Postgres ? await postgres.CreateDatabaseAsync() : null;
        await using var server = await BoundaryServer.StartAsync(api, database);

        // Of two runs one stands at a call that was not answered, for as long as one likes; the other has its answer when the server dies.
        foreach (var (held, answered) in Steps.Zip(Steps.Skip(1).Append(Steps[0])))
        {
            var (first, second) = (await server.BeginAsync("steps"), await server.BeginAsync("steps"));
            var boundary = api.StopAt(held, isAnswered: false);
            var lost = BoundaryServer.LostAsync(server.SubmitAsync(first, ""));
            await boundary;
            boundary = api.StopAt(answered, isAnswered: true);
            var lostToo = BoundaryServer.LostAsync(server.SubmitAsync(second, ""));
            await boundary;
            await server.KillAsync();
            await Task.WhenAll(lost, lostToo);
            await server.StartAsync();

            await AssertGoesOnAsync(first, held, "not answered");
            await AssertGoesOnAsync(second, answered, "answered");
        }

        async Task AssertGoesOnAsync(FlowValue at, string step, string how)
        {
            var (_, done, text) = await server.SubmitAsync(at, "");

            var calls = api.CallsOf(at.Get("executionId").ToText());
            var where = $"{step}, {how}: {text}\n{string.Join('\n', calls)}";
            Assert.True(done.Get("status").ToText() == "completed", where);
            Assert.Equal("""{"one":"/one","two":"/two","three":"/three"}""", done.Get("output").ToJson());
            // Each step once, in order, and that of the boundary perhaps twice: under one key.
            Assert.Equal(Steps, calls.Select(call => call.Path).Distinct());
            Assert.True(calls.Count is 3 or 4, where);
            Assert.True(calls.Count == 3 || calls.Count(call => call.Path == step) == 2, where);
            Assert.Equal(3, calls.Distinct().Count());
            Assert.Equal(3, calls.Select(call => call.Key).Distinct().Count());
            Assert.DoesNotContain(calls, call => call.Key.Length == 0);
        }
    }

    /// <summary>1,000 items, 16 at a time: none is left out, none is done under another key, and what was done and stored is not done
    /// again.</summary>
    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Kill_InTheMiddleOfAList_TheRunGoesOnWithTheItemsThatAreLeft(StoreEngine engine)
    {
        const int Items = 1000,
            AtOnce = 16;
        await using var api = await BoundaryApi.StartAsync();
        var database = engine == StoreEngine.Postgres ? await postgres.CreateDatabaseAsync() : null;
        await using var server = await BoundaryServer.StartAsync(api, database);
        var at = await server.BeginAsync("items");
        var boundary = api.StopAt("/items/500", isAnswered: false);
        var lost = server.SubmitAsync(at, "");
        await boundary;
        await server.KillAsync();
        await BoundaryServer.LostAsync(lost);
        var run = at.Get("executionId").ToText();
        var before = api.CallsOf(run);

        await server.StartAsync();
        var (_, done, text) = await server.SubmitAsync(at, "");

        Assert.True(done.Get("status").ToText() == "completed", text);
        Assert.Equal("""{"count":1000,"failed":0,"last":"/items/999"}""", done.Get("output").ToJson());
        var calls = api.CallsOf(run);
        Assert.Equal(Items, calls.Select(call => call.Path).Distinct().Count());
        Assert.Equal(Items, calls.Distinct().Count());
        Assert.Equal(Items, calls.Select(call => call.Key).Distinct().Count());
        Assert.DoesNotContain(calls, call => call.Key.Length == 0);
        // Those under way, the one that was never answered among them, and those that waited for one more to be stored with.
        Assert.InRange(before.Count, 500, Items - 1);
        Assert.InRange(calls.Count - Items, 1, AtOnce + AtOnce + before.Count / 64);
        Assert.All(calls.GroupBy(call => call.Path), same => Assert.InRange(same.Count(), 1, 2));
    }

    [Fact]
    public async Task Kill_NobodyComesBack_TheRunGoesOnByItself()
    {
        await using var api = await BoundaryApi.StartAsync();
        await using var server = await BoundaryServer.StartAsync(api, null);
        var at = await server.BeginAsync("steps");
        var boundary = api.StopAt("/two", isAnswered: false);
        var lost = server.SubmitAsync(at, "");
        await boundary;
        await server.KillAsync();
        await BoundaryServer.LostAsync(lost);

        var end = api.StopAt("/three", isAnswered: true);
        await server.StartAsync();
        await end;

        Assert.Equal(["/one", "/two", "/two", "/three"], api.CallsOf(at.Get("executionId").ToText()).Select(call => call.Path));
    }

    /// <summary>What a person submitted is stored before anything is done with it.</summary>
    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Kill_InTheFirstActivityAfterASubmission_TheRunGoesOnByItself(StoreEngine engine)
    {
        await using var api = await BoundaryApi.StartAsync();
        await using var server = await BoundaryServer.StartAsync(
            api,
            engine == StoreEngine.Postgres ? await postgres.CreateDatabaseAsync() : null
        );
        var at = await server.BeginAsync("steps");
        var boundary = api.StopAt("/one", isAnswered: false);
        var lost = server.SubmitAsync(at, "");
        await boundary;
        await server.KillAsync();
        await BoundaryServer.LostAsync(lost);

        var end = api.StopAt("/three", isAnswered: true);
        await server.StartAsync();
        // Nobody comes back.
        await end.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        var calls = api.CallsOf(at.Get("executionId").ToText());
        Assert.Equal(["/one", "/one", "/two", "/three"], calls.Select(call => call.Path));
        Assert.Equal(calls[0].Key, calls[1].Key);
    }

    /// <summary>More runs than are looked for at a time, and an API that answers two of them after a minute at best.</summary>
    [Fact]
    public async Task Kill_WithManyRunsUnderWay_ThoseAtASlowApiKeepNoOtherWaiting()
    {
        const int Runs = 40,
            Slow = 2;
        await using var api = await BoundaryApi.StartAsync();
        await using var server = await BoundaryServer.StartAsync(api, null);
        var begun = await Task.WhenAll(Enumerable.Range(0, Runs).Select(_ => server.BeginAsync("steps")));
        api.Hold("/two", Runs);
        var lost = begun.Select(at => BoundaryServer.LostAsync(server.SubmitAsync(at, ""))).ToList();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        await api.ArrivedAsync("/two", Runs, limit.Token);
        await server.KillAsync();
        await Task.WhenAll(lost);

        api.Hold("/two", Slow);
        await server.StartAsync();

        // Nobody comes back for them, and the two slow ones have not given up yet.
        limit.CancelAfter(TimeSpan.FromSeconds(40));
        await api.ArrivedAsync("/three", Runs - Slow, limit.Token);
    }
}
