using System.Net;
using System.Text;
using FlowEngine.Context;
using FlowEngine.TestServers;

namespace FlowEngine.AspNetCore.Tests.Web.Edge;

/// <summary>How often one client may begin a login and redeem tokens; behind
/// a known proxy it is the client that counts, not the proxy.</summary>
public sealed class RateLimitsTests(RateLimitsTests.LimitedServer limited) : IClassFixture<RateLimitsTests.LimitedServer>
{
    private const string Start = """{ "flowId": "login" }""";

    [Fact]
    public async Task Starts_BeyondTheLimit_AreTurnedAway()
    {
        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.OK, (await PostAsync("/v1/flow/start", Start, "192.0.2.1")).Status);

        var (status, problem, retryAfter) = await PostAsync("/v1/flow/start", Start, "192.0.2.1");

        Assert.Equal(HttpStatusCode.TooManyRequests, status);
        Assert.Equal("api.rate_limited", problem.Get("errorCode").ToText());
        Assert.Equal("429", problem.Get("status").ToText());
        Assert.InRange(retryAfter, 1, 20);
        // Somebody else is not concerned, and neither is what the client has begun.
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("/v1/flow/start", Start, "192.0.2.2")).Status);
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await PostAsync("/v1/flow/next", """{ "executionId": "x", "interactionId": "submit" }""", "192.0.2.1")).Status
        );
    }

    [Fact]
    public async Task Ipv6_CountsByNetwork()
    {
        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.OK, (await PostAsync("/v1/flow/start", Start, $"2001:db8::{i + 1}")).Status);

        Assert.Equal(HttpStatusCode.TooManyRequests, (await PostAsync("/v1/flow/start", Start, "2001:db8::ffff")).Status);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("/v1/flow/start", Start, "2001:db8:0:1::1")).Status);
    }

    [Fact]
    public async Task Tokens_BeyondTheLimit_AreTurnedAway()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync("/v1/auth/refresh", "{}", "192.0.2.3")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("/v1/auth/code/exchange", "{}", "192.0.2.3")).Status);

        Assert.Equal(HttpStatusCode.TooManyRequests, (await PostAsync("/v1/auth/logout", "{}", "192.0.2.3")).Status);
    }

    [Fact]
    public async Task HostedScreens_SayItInAPage()
    {
        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.SeeOther, (await GetAsync("/login/login", "192.0.2.4")).StatusCode);

        using var answer = await GetAsync("/login/login", "192.0.2.4");

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Contains("A great many sign-ins", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("image", "cross-site", "192.0.2.30")]
    [InlineData("script", "same-origin", "192.0.2.31")]
    [InlineData("object", "cross-site", "192.0.2.32")]
    [InlineData("empty", "cross-site", "192.0.2.33")]
    public async Task HostedScreens_AnImageOfAnotherPage_BeginsNothingAndCostsNoStart(string destination, string site, string client)
    {
        for (var i = 0; i < 10; i++)
        {
            using var refused = await GetAsync("/login/login", client, ("Sec-Fetch-Dest", destination), ("Sec-Fetch-Site", site));
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains("login.visit", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.False(refused.Headers.Contains("Set-Cookie"));
        }
        foreach (var visit in (string[])["document", "iframe", "empty"])
        {
            using var begun = await GetAsync(
                "/login/login",
                client,
                ("Sec-Fetch-Dest", visit),
                ("Sec-Fetch-Site", visit == "empty" ? "same-origin" : "cross-site")
            );
            Assert.Equal(HttpStatusCode.SeeOther, begun.StatusCode);
        }
        using var oneTooMany = await GetAsync("/login/login", client, ("Sec-Fetch-Dest", "document"));
        Assert.Equal(HttpStatusCode.TooManyRequests, oneTooMany.StatusCode);
    }

    [Fact]
    public async Task TheFirstAddress_IsNoBetterThanTheProxysWord()
    {
        // The client wrote an address of its own in front; the proxy appended the one it saw.
        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.OK, (await PostAsync("/v1/flow/start", Start, $"10.9.8.{i}, 192.0.2.5")).Status);

        Assert.Equal(HttpStatusCode.TooManyRequests, (await PostAsync("/v1/flow/start", Start, "10.9.8.99, 192.0.2.5")).Status);
    }

    private async Task<(HttpStatusCode Status, FlowValue Body, double RetryAfter)> PostAsync(string path, string json, string client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-Forwarded-For", client);
        using var answer = await limited.Server.Http.SendAsync(request);
        return (
            answer.StatusCode,
            FlowValue.Parse(await answer.Content.ReadAsStringAsync()),
            answer.Headers.RetryAfter?.Delta?.TotalSeconds ?? 0
        );
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string client, params (string Name, string Value)[] headers)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = limited.Server.Http.BaseAddress,
        };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-Forwarded-For", client);
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return await http.SendAsync(request);
    }

    /// <summary>Per test class: a server with low limits, which believes a proxy on this machine.</summary>
    public sealed class LimitedServer : IAsyncLifetime
    {
        internal Served Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            Server = await DemoServer.StartAsync(
                "Proxies:Known=127.0.0.1,::1",
                "RateLimits:StartsPerMinute=3",
                "RateLimits:TokensPerMinute=2",
                "RateLimits:SubmitsPerMinute=3"
            );

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
