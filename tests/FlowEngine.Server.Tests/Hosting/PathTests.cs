using System.Net;
using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Hosting;

/// <summary><c>serve</c> behind a proxy that keeps the path that it is asked for: the setting <c>Server:Path</c>.</summary>
public sealed class PathTests
{
    [Fact]
    public async Task Path_IsThatOfLinksLoginAndTokens()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite, settings: "Server:Path=/auth/");
        Assert.Contains($"{server.Address}/auth/console/setup#token=", server.Output, StringComparison.Ordinal);
        using var visitor = new Visitor(server.Address);

        // The demo leads to its login, and its API stays where the connectors know it.
        var first = await server.GetAsync("/", Credential.None);
        Assert.Equal("/auth/login/login", first.Message.Headers.Location?.OriginalString);
        await visitor.GetAsync("/auth/login/login");
        await visitor.SubmitAsync("submit", ("email", "ada@example.com"));
        Assert.Contains("signed in", visitor.Html, StringComparison.OrdinalIgnoreCase);

        (await server.GetAsync("/auth/api/flows")).Expect(HttpStatusCode.OK);
        (await server.GetAsync("/healthz")).Expect(HttpStatusCode.NotFound);
    }
}
