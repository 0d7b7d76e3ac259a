using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.HttpConnector.Tests.Connectors;

/// <summary>What is kept of answers, and how much: bounds that whoever asks does not choose.</summary>
public sealed class AnswerCacheTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void Keep_MoreThanItHolds_ForgetsWhatWasNotUsedForLongest()
    {
        var cache = new AnswerCache(new FakeTimeProvider());
        cache.Keep(Key(0), [Reply(1)], Hour);
        for (var i = 1; i <= AnswerCache.MaxAnswers; i++)
        {
            cache.Keep(Key(i), [Reply(1)], Hour);
            Assert.NotNull(cache.Find(Key(0)));
        }
        Assert.Equal(AnswerCache.MaxAnswers, cache.Count);
        Assert.Null(cache.Find(Key(1)));
        Assert.NotNull(cache.Find(Key(2)));
    }

    [Fact]
    public void Keep_MoreBytesThanItHolds_ForgetsTheOldest()
    {
        var cache = new AnswerCache(new FakeTimeProvider());
        for (var i = 0; i < 20; i++)
            cache.Keep(Key(i), [Reply(1_000_000)], Hour);
        Assert.Equal(8, cache.Count);
        Assert.Null(cache.Find(Key(0)));

        // One that is too large by itself is not kept, and takes nobody's place.
        cache.Keep(Key(19), [Reply(AnswerCache.MaxBytes)], Hour);
        Assert.Null(cache.Find(Key(19)));
        Assert.Equal(7, cache.Count);
    }

    [Fact]
    public void Find_AfterItsLifetime_IsGone()
    {
        var time = new FakeTimeProvider();
        var cache = new AnswerCache(time);
        cache.Keep(Key(1), [Reply(1)], Hour);
        time.Advance(Hour - TimeSpan.FromSeconds(1));
        Assert.Equal(Hour - TimeSpan.FromSeconds(1), cache.AgeOf(cache.Find(Key(1))!));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(cache.Find(Key(1)));
        Assert.Equal(0, cache.Count);
    }

    [Theory]
    [InlineData("GET", "http://h/a?b=1", "x-a: 1", "GET", "http://h/a?b=1", "X-A: 1", true)]
    [InlineData("GET", "http://h/a", "x-a: 1|x-b: 2", "GET", "http://h/a", "x-b: 2|x-a: 1", true)]
    [InlineData("GET", "http://h/a", "authorization: Bearer a", "GET", "http://h/a", "authorization: Bearer b", false)]
    [InlineData("GET", "http://h/a", "x-a: 1", "GET", "http://h/a", "", false)]
    [InlineData("GET", "http://h/a?b=1", "", "GET", "http://h/a?b=2", "", false)]
    [InlineData("GET", "http://h/A", "", "GET", "http://h/a", "", false)]
    [InlineData("GET", "http://h/a", "x-a: 1|x-a: 2", "GET", "http://h/a", "x-a: 2|x-a: 1", false)]
    [InlineData("GET", "http://h/a", "x-a: 1x-b", "GET", "http://h/a", "x-a: 1|x-b: ", false)]
    [InlineData("HEAD", "http://h/a", "", "GET", "http://h/a", "", false)]
    public void RequestKey_OfTwoRequests_IsTheSameOnlyForTheSame(
        string method,
        string url,
        string headers,
        string otherMethod,
        string otherUrl,
        string otherHeaders,
        bool isSame
    ) => Assert.Equal(isSame, RequestKey.Of(Request(method, url, headers)) == RequestKey.Of(Request(otherMethod, otherUrl, otherHeaders)));

    private static OutgoingRequest Request(string method, string url, string headers)
    {
        Assert.True(RequestUri.TryParse(url, out var uri, out _));
        var request = new OutgoingRequest(method, uri);
        foreach (var header in headers.Split('|', StringSplitOptions.RemoveEmptyEntries))
            Assert.Null(request.Headers.Add(header.Split(": ")[0], header.Split(": ")[1]));
        return request;
    }

    private static RequestKey Key(int number) => new((UInt128)number, 0);

    private static HttpReply Reply(int bytes) => new(200, [], new byte[bytes], null);
}
