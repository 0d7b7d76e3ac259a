using System.Net;
using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.TestServers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FlowEngine.AspNetCore.Tests.Web.Edge;

/// <summary>Every route has a limit, and whoever exceeds it hears when to come back.</summary>
public sealed class RateLimitsOfRoutesTests(RateLimitsOfRoutesTests.LimitedServer limited)
    : IClassFixture<RateLimitsOfRoutesTests.LimitedServer>
{
    private static readonly HashSet<string> Policies = [.. RateLimits.Of(new RateLimitOptions()).Select(limit => limit.Policy)];

    [Fact]
    public void EveryEndpoint_DeclaresALimit()
    {
        var endpoints = limited.Server.Services.GetRequiredService<EndpointDataSource>().Endpoints;
        Assert.True(endpoints.Count > 60);
        Assert.All(
            endpoints,
            endpoint =>
            {
                var limit = endpoint.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName;
                Assert.True(
                    limit is not null && Policies.Contains(limit),
                    $"{endpoint.DisplayName} has no limit: add RequireRateLimiting with a policy of RateLimits."
                );
                Assert.Null(endpoint.Metadata.GetMetadata<DisableRateLimitingAttribute>());
            }
        );
    }

    [Theory]
    [InlineData("/login/login/123456789012345678901234", 3, true)]
    [InlineData("/api/session", 20, false)]
    [InlineData("/api/flows", 20, false)]
    [InlineData("/healthz", 12, false)]
    [InlineData("/no/such/address", 12, false)]
    public async Task Requests_BeyondTheLimit_AreTurnedAway(string path, int limit, bool isPage)
    {
        // Each path on a server of its own: some of them share a limit.
        await using var server = await LimitedServer.StartAsync();
        for (var i = 0; i < limit; i++)
            Assert.NotEqual(HttpStatusCode.TooManyRequests, (await server.GetAsync(path, Credential.None)).Status);

        var turnedAway = await server.GetAsync(path, Credential.None);

        Assert.Equal(HttpStatusCode.TooManyRequests, turnedAway.Status);
        Assert.NotNull(turnedAway.Message.Headers.RetryAfter);
        if (isPage)
            Assert.Equal("text/html", turnedAway.Message.Content.Headers.ContentType?.MediaType);
        else
            Assert.Equal(
                ("api.rate_limited", "application/problem+json"),
                (turnedAway.Code, turnedAway.Message.Content.Headers.ContentType?.MediaType)
            );
    }

    [Theory]
    [InlineData("/v1/flow/start", """{ "flowId": "login", "options": { "client": { "x": "$" } } }""")]
    [InlineData("/v1/flow/next", """{ "executionId": "x", "interactionId": "y", "input": { "x": "$" } }""")]
    [InlineData("/v1/auth/refresh", """{ "refreshJwt": "$" }""")]
    [InlineData("/v1/auth/code/exchange", """{ "code": "$" }""")]
    [InlineData("/api/session", """{ "name": "$" }""")]
    [InlineData("/api/setup", """{ "token": "$" }""")]
    public async Task Bodies_OfSomebodyUnknown_AreSmall(string path, string body)
    {
        var large = await limited.Unlimited.PostAsync(
            path,
            body.Replace("$", new string('x', 16 * 1024), StringComparison.Ordinal),
            Credential.None
        );
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "api.too_large"), (large.Status, large.Code));
        var small = await limited.Unlimited.PostAsync(
            path,
            body.Replace("$", new string('x', 15 * 1024), StringComparison.Ordinal),
            Credential.None
        );
        Assert.NotEqual(HttpStatusCode.RequestEntityTooLarge, small.Status);
    }

    [Fact]
    public async Task Bodies_OfTheManagementKey_MayBeLarge()
    {
        var body = $$"""{ "flowId": "no-such-flow", "options": { "input": { "x": "{{new string('x', 100_000)}}" } } }""";
        Assert.Equal(HttpStatusCode.NotFound, (await limited.Unlimited.PostAsync("/v1/mgmt/flow/run", body)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await limited.Unlimited.PostAsync("/v1/mgmt/flow/run", body, Credential.None)).Status);
    }

    [Fact]
    public async Task Forms_AreSmall()
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("x", new string('x', 17 * 1024))]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/login/login/123456789012345678901234") { Content = form };
        request.Headers.Add("Cookie", $"fe_browser={new string('k', 43)}");
        using var answer = await limited.Unlimited.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.NotEqual(HttpStatusCode.OK, answer.StatusCode);
        Assert.NotEqual(HttpStatusCode.InternalServerError, answer.StatusCode);
    }

    /// <summary>Per test class: a server with low limits, and one with those that it has by itself.</summary>
    public sealed class LimitedServer : IAsyncLifetime
    {
        internal ApiServer Server { get; private set; } = null!;

        internal ApiServer Unlimited { get; private set; } = null!;

        internal static Task<ApiServer> StartAsync() =>
            ApiServer.StartAsync(
                StoreEngine.Sqlite,
                null,
                null,
                "RateLimits:PagesPerMinute=3",
                "RateLimits:ManagementPerMinute=20",
                "RateLimits:OthersPerMinute=12"
            );

        public async ValueTask InitializeAsync() =>
            (Server, Unlimited) = (await StartAsync(), await ApiServer.StartAsync(StoreEngine.Sqlite));

        public async ValueTask DisposeAsync()
        {
            await Server.DisposeAsync();
            await Unlimited.DisposeAsync();
        }
    }
}
