using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Server.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FlowEngine.AspNetCore.Tests.Web.Edge;

/// <summary>Whose forwarded headers are believed.</summary>
public sealed class KnownProxiesTests
{
    [Theory]
    [InlineData("", "127.0.0.1 http ")]
    [InlineData("192.0.2.1", "127.0.0.1 http ")]
    [InlineData("127.0.0.1", "198.51.100.7 https ")]
    [InlineData("127.0.0.0/8", "198.51.100.7 https ")]
    [InlineData("127.0.0.1,198.51.100.0/24", "203.0.113.9 https ")]
    public async Task ForwardedHeaders_OnlyOfKnownProxies(string known, string expected) => Assert.Equal(expected, await AskAsync(known));

    [Theory]
    [InlineData("proxy.example")]
    [InlineData("10.0.0.0/99")]
    public async Task Settings_ThatAreNoAddresses_AreRefused(string known)
    {
        var error = await Assert.ThrowsAsync<SettingsException>(() => AskAsync(known));

        Assert.Contains($"Proxies:Known: '{known}'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", "/auth", "/auth", "/auth")]
    [InlineData("127.0.0.1", "/id,/auth/", "/auth", "/auth")]
    // Not listed, from a proxy that is not known, or not one path: ignored.
    [InlineData("127.0.0.1", "", "/auth", "")]
    [InlineData("127.0.0.1", "/auth", "/evil", "")]
    [InlineData("127.0.0.1", "/auth", "//evil.example", "")]
    [InlineData("127.0.0.1", "/auth", "/auth, /auth", "")]
    [InlineData("192.0.2.1", "/auth", "/auth", "")]
    [InlineData("", "/auth", "/auth", "")]
    public async Task ForwardedPrefix_OnlyWhereItIsListed(string known, string listed, string prefix, string expected) =>
        Assert.Equal(expected, (await AskAsync(known, listed, prefix)).Split(' ')[^1]);

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/")]
    public async Task Prefixes_ThatAreNoPaths_AreRefused(string listed) =>
        Assert.Contains(
            $"Proxies:Prefixes: '{listed}'",
            (await Assert.ThrowsAsync<SettingsException>(() => AskAsync("127.0.0.1", listed))).Message,
            StringComparison.Ordinal
        );

    private static async Task<string> AskAsync(string known, string prefixes = "", string? prefix = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.UseKnownProxies(
            ServerSettings
                .Load([KeyValuePair.Create("Proxies:Known", known), KeyValuePair.Create("Proxies:Prefixes", prefixes)], isDemo: false)
                .Check()
                .Engine.Proxies
        );
        app.Run(http => http.Response.WriteAsync($"{ClientAddress.Of(http)} {http.Request.Scheme} {http.Request.PathBase}"));
        await app.StartAsync();
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, app.Urls.First());
        request.Headers.Add("X-Forwarded-For", "203.0.113.9, 198.51.100.7");
        request.Headers.Add("X-Forwarded-Proto", "https, https");
        if (prefix is not null)
            request.Headers.Add("X-Forwarded-Prefix", prefix);
        using var answer = await client.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }
}
