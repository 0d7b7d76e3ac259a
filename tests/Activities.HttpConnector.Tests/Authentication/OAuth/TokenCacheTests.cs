using FlowEngine.HttpConnector.Authentication.OAuth;
using FlowEngine.HttpConnector.Connectors;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.HttpConnector.Tests.Authentication.OAuth;

public sealed class TokenCacheTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<string?> _refused = [];
    private int _fetches;

    [Theory]
    [InlineData(100, 90)]
    [InlineData(300, 270)]
    [InlineData(3600, 3570)]
    public async Task Get_UntilTenPercentOrThirtySecondsBeforeExpiry_FetchesOnce(int lifetime, int usedFor)
    {
        var cache = Cache(() => Token($"t{_fetches}", lifetime));

        Assert.Equal("t1", await ValueAsync(cache));
        _time.Advance(TimeSpan.FromSeconds(usedFor) - TimeSpan.FromMilliseconds(1));
        Assert.Equal("t1", await ValueAsync(cache));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("t2", await ValueAsync(cache));
    }

    [Fact]
    public async Task Get_ThousandCallersOnAColdToken_FetchOnce()
    {
        var answer = new TaskCompletionSource<TokenResult>();
        var cache = new TokenCache(
            (_, _) =>
            {
                Interlocked.Increment(ref _fetches);
                return answer.Task;
            },
            _time
        );

        var callers = Enumerable.Range(0, 1000).Select(_ => Task.Run(() => ValueAsync(cache))).ToArray();
        answer.SetResult(Token("shared", 300));

        Assert.All(await Task.WhenAll(callers), value => Assert.Equal("shared", value));
        Assert.Equal(1, _fetches);
    }

    [Fact]
    public async Task Get_AWaiterGivesUp_TheOthersStillGetTheToken()
    {
        var answer = new TaskCompletionSource<TokenResult>();
        var cache = new TokenCache(
            (_, token) =>
            {
                Assert.False(token.CanBeCanceled);
                return answer.Task;
            },
            _time
        );
        using var cancel = new CancellationTokenSource();

        var impatient = cache.GetAsync(cancel.Token).AsTask();
        var patient = cache.GetAsync(CancellationToken.None).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        answer.SetResult(Token("t", 300));

        Assert.Equal("t", (await patient).Token?.Value);
    }

    [Fact]
    public async Task Get_AfterAFailure_RestsOneSecondDoublingToThirty()
    {
        var cache = Cache(() => new TokenResult($"failure {_fetches}"));

        foreach (var (rest, attempt) in ((int, int)[])[(1, 1), (2, 2), (4, 3), (8, 4), (16, 5), (30, 6), (30, 7)])
        {
            Assert.Equal($"failure {attempt}", (await cache.GetAsync(default)).Fault?.Message);
            _time.Advance(TimeSpan.FromSeconds(rest) - TimeSpan.FromMilliseconds(1));
            for (var i = 0; i < 10; i++)
                Assert.Equal($"failure {attempt}", (await cache.GetAsync(default)).Fault?.Message);
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }
        Assert.Equal(7, _fetches);
    }

    [Fact]
    public async Task Get_AfterASuccess_TheNextFailureRestsOneSecondAgain()
    {
        var cache = Cache(() => _fetches == 3 ? Token("t", 100) : new TokenResult("failure"));

        await cache.GetAsync(default);
        _time.Advance(TimeSpan.FromSeconds(1));
        await cache.GetAsync(default);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("t", await ValueAsync(cache));
        _time.Advance(TimeSpan.FromSeconds(90));
        Assert.NotNull((await cache.GetAsync(default)).Fault);
        _time.Advance(TimeSpan.FromSeconds(1));
        await cache.GetAsync(default);

        Assert.Equal(5, _fetches);
    }

    [Fact]
    public async Task Invalidate_ByManyWithTheSameToken_FetchesOnce()
    {
        var cache = Cache(() => Token($"t{_fetches}", 300));
        var revoked = (await ValueAsync(cache))!;

        var values = await Task.WhenAll(
            Enumerable
                .Range(0, 100)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        cache.Invalidate(revoked);
                        return await ValueAsync(cache);
                    })
                )
        );

        Assert.All(values, value => Assert.Equal("t2", value));
        Assert.Equal(2, _fetches);
    }

    [Fact]
    public async Task Invalidate_OfAnotherToken_ChangesNothing()
    {
        var cache = Cache(() => Token($"t{_fetches}", 300));
        await ValueAsync(cache);

        cache.Invalidate("older");

        Assert.Equal("t1", await ValueAsync(cache));
    }

    [Fact]
    public async Task Get_FetchThatThrows_IsNotTriedAgainAtOnceAndNotForgotten()
    {
        var cache = Cache(() => throw new InvalidTimeZoneException("a mistake of ours"));

        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => cache.GetAsync(default).AsTask());
        Assert.Equal("http.token", (await cache.GetAsync(default)).Fault?.Code);
        Assert.Equal(1, _fetches);
    }

    [Fact]
    public async Task Get_TokenThatExpiresAtOnce_IsUsedButNotKept()
    {
        var cache = Cache(() => Token($"t{_fetches}", 0));

        Assert.Equal("t1", await ValueAsync(cache));
        Assert.Equal("t2", await ValueAsync(cache));
    }

    [Fact]
    public async Task Invalidate_TellsTheNextFetchWhichTokenWasRefused()
    {
        var cache = Cache(() => Token($"t{_fetches}", 300));
        await ValueAsync(cache);

        cache.Invalidate("another");
        cache.Invalidate("t1");
        await ValueAsync(cache);

        Assert.Equal([null, "t1"], _refused);
    }

    private TokenCache Cache(Func<TokenResult> answer) =>
        new(
            (refused, _) =>
            {
                _refused.Add(refused);
                Interlocked.Increment(ref _fetches);
                return Task.FromResult(answer());
            },
            _time
        );

    private static TokenResult Token(string value, int seconds) => new(new AccessToken(value, TimeSpan.FromSeconds(seconds)));

    private static async Task<string?> ValueAsync(TokenCache cache) => (await cache.GetAsync(default)).Token?.Value;
}
