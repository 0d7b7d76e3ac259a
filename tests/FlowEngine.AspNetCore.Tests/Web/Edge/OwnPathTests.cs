using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;
using FlowEngine.Context;
using FlowEngine.TestServers;

namespace FlowEngine.AspNetCore.Tests.Web.Edge;

/// <summary>FlowEngine under a path of a program: everything works there, every address that it writes is there, and nothing is anywhere
/// else.</summary>
public sealed partial class OwnPathTests(OwnPathTests.Program program) : IClassFixture<OwnPathTests.Program>
{
    private const string Secure = "X-Forwarded-Proto";

    private EmbeddedProgram Shop => program.Shop;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Root_LeadsToTheConsole()
    {
        using var answer = await Shop.GetAsync("/auth");
        Assert.Equal((HttpStatusCode.Redirect, "/auth/console"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
    }

    [Fact]
    public async Task HostedScreens_NameAndServeEverythingBelowThePath()
    {
        using var visitor = await Shop.SignInAsync("/auth");
        Assert.Contains("You are signed in", visitor.Html, StringComparison.Ordinal);
        Assert.StartsWith("/auth/login/login/", visitor.Path, StringComparison.Ordinal);
        var cookie = Assert.Single(visitor.Cookies.GetAllCookies());
        Assert.Equal(visitor.Path, cookie.Path);

        await visitor.GetAsync("/auth/login/login");
        var addresses = Addresses(visitor.Html);
        Assert.True(addresses.Count >= 4, visitor.Html);
        Assert.All(addresses, address => Assert.StartsWith("/auth/", address, StringComparison.Ordinal));
        foreach (var asset in addresses.Where(address => !address.StartsWith("/auth/login/", StringComparison.Ordinal)))
            await Shop.TextAsync(asset);
    }

    [Fact]
    public async Task Console_NamesItsFilesBelowThePath_HoweverDeepThePageIs()
    {
        foreach (var path in new[] { "/auth/console", "/auth/console/", "/auth/console/flows/login/versions" })
        {
            var page = await Shop.TextAsync(path);
            var files = Addresses(page);
            Assert.True(files.Count >= 3, page);
            foreach (var file in files)
            {
                Assert.StartsWith("/auth/console/assets/", file, StringComparison.Ordinal);
                await Shop.TextAsync(file);
            }
        }
    }

    [Fact]
    public async Task ConsoleSession_StaysBelowThePath()
    {
        var setup = (await File.ReadAllTextAsync(Path.Combine(Shop.Data, "console.setup"), Stop)).Trim();
        Assert.StartsWith($"{Shop.Address}/auth/console/setup#token=", setup, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Shop.Data, "console.setup")));
        var account = new
        {
            token = setup.Split("#token=")[1],
            name = "ada",
            password = "a long enough password",
        };
        using var made = await Shop.Http.PostAsJsonAsync("/auth/api/setup", account, Stop);
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        Assert.All(
            made.Headers.GetValues("Set-Cookie"),
            cookie => Assert.Contains("; path=/auth;", cookie, StringComparison.OrdinalIgnoreCase)
        );

        // Over HTTPS, as a known proxy tells: with a prefix that browsers hold the cookie to, and that a path allows.
        using var request = new HttpRequestMessage(HttpMethod.Post, "/auth/api/session") { Content = JsonContent.Create(account) };
        request.Headers.Add(Secure, "https");
        request.Headers.Add("X-Forwarded-For", "203.0.113.9");
        using var signedIn = await Shop.Http.SendAsync(request, Stop);
        var cookies = signedIn.Headers.GetValues("Set-Cookie").ToList();
        Assert.Equal(2, cookies.Count);
        Assert.All(
            cookies,
            cookie =>
            {
                Assert.StartsWith("__Secure-flowengine-", cookie, StringComparison.Ordinal);
                Assert.Contains("; path=/auth; secure;", cookie, StringComparison.OrdinalIgnoreCase);
            }
        );
        using var who = await Shop.GetAsync(
            "/auth/api/session",
            ("Cookie", cookies.Single(cookie => cookie.Contains("-console=", StringComparison.Ordinal)).Split(';')[0]),
            (Secure, "https"),
            ("X-Forwarded-For", "203.0.113.9")
        );
        Assert.Contains("\"ada\"", await who.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ManagementApi_TakesItsKeyThere()
    {
        var key = (await File.ReadAllTextAsync(Path.Combine(Shop.Data, "management.key"), Stop)).Trim();
        using var flows = await Shop.GetAsync("/auth/api/flows", ("Authorization", "Bearer " + key));
        Assert.Equal(HttpStatusCode.OK, flows.StatusCode);
        using var nobody = await Shop.GetAsync("/auth/api/flows");
        Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
    }

    [Fact]
    public async Task Reference_DescribesThePath()
    {
        var document = FlowValue.Parse(await Shop.TextAsync("/auth/openapi/v1.json"));
        Assert.EndsWith(
            "/auth",
            document.Get("servers").TryGetArray(out var servers) ? servers[0].Get("url").ToText() : "",
            StringComparison.Ordinal
        );
        Assert.False(document.Get("paths").Get("/v1/flow/start").IsMissing);
        Assert.True(document.Get("paths").Get("/upload").IsMissing, "The program's own routes are none of FlowEngine's.");
        var page = await Shop.TextAsync("/auth/reference");
        foreach (var address in Addresses(page))
        {
            Assert.StartsWith("/auth/", address, StringComparison.Ordinal);
            await Shop.TextAsync(address);
        }
    }

    [Fact]
    public async Task Tokens_AreIssuedByThePath_AndTheirKeysAreThere()
    {
        using var begun = await Shop.Http.PostAsJsonAsync(
            "/auth/v1/flow/start",
            new
            {
                flowId = "login",
                interactionId = "go",
                input = new { email = "ada@example.com" },
            },
            Stop
        );
        var answer = FlowValue.Parse(await begun.Content.ReadAsStringAsync(Stop));
        var token = answer.Get("authInfo").Get("sessionJwt").ToText();
        Assert.True(token.Length > 0, answer.ToJson());
        var issuer = FlowValue
            .Parse(Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1])))
            .Get("iss");
        Assert.EndsWith("/auth/default", issuer.ToText(), StringComparison.Ordinal);
        var keys = await Shop.TextAsync("/auth/.well-known/jwks.json");
        Assert.Equal(keys, await Shop.TextAsync("/auth/v2/keys/default"));
        using var refresh = new HttpRequestMessage(HttpMethod.Post, "/auth/v1/auth/refresh");
        refresh.Headers.Add("Authorization", "Bearer " + answer.Get("authInfo").Get("refreshJwt").ToText());
        using var refreshed = await Shop.Http.SendAsync(refresh, Stop);
        Assert.Equal(HttpStatusCode.OK, refreshed.StatusCode);
    }

    [Theory]
    [InlineData("/auth/healthz", "ok")]
    [InlineData("/auth/readyz", "ok")]
    [InlineData("/auth/flow-engine.js", "new URL(\".\", import.meta.url)")]
    public async Task Files_AreThere(string path, string content) =>
        Assert.Contains(content, await Shop.TextAsync(path), StringComparison.Ordinal);

    [Theory]
    [InlineData("/console")]
    [InlineData("/login/login")]
    [InlineData("/healthz")]
    [InlineData("/api/session")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/.well-known/jwks.json")]
    [InlineData("/authentic/healthz")]
    public async Task Nothing_IsOutsideThePath(string path)
    {
        using var answer = await Shop.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Content-Security-Policy"), "Headers of FlowEngine are on the program's own answers.");
    }

    [Fact]
    public async Task Path_InOtherCase_IsWrittenAsItIsMapped()
    {
        using var answer = await Shop.GetAsync("/AUTH/");
        Assert.Equal("/auth/console", answer.Headers.Location?.OriginalString);
    }

    [Theory]
    // A known proxy that took the prefix off, and one that says what nobody listed.
    [InlineData("/outer", "/outer/auth/console")]
    [InlineData("//evil.example", "/auth/console")]
    public async Task ForwardedPrefix_IsPutBefore(string prefix, string location)
    {
        using var answer = await Shop.GetAsync("/auth", ("X-Forwarded-Prefix", prefix), ("X-Forwarded-For", "203.0.113.9"));
        Assert.Equal(location, answer.Headers.Location?.OriginalString);
        using var page = await Shop.GetAsync("/auth/console/runs", ("X-Forwarded-Prefix", prefix), ("X-Forwarded-For", "203.0.113.9"));
        Assert.All(
            Addresses(await page.Content.ReadAsStringAsync(Stop)),
            address => Assert.StartsWith(location + "/assets/", address, StringComparison.Ordinal)
        );
    }

    private static List<string> Addresses(string html) =>
        [.. AddressPattern().Matches(html).Select(match => WebUtility.HtmlDecode(match.Groups[1].Value)).Distinct()];

    [GeneratedRegex("(?:src|href|action)=\"([^\"#]+)\"")]
    private static partial Regex AddressPattern();

    /// <summary>Per test class: one program, with a proxy before it.</summary>
    public sealed class Program : IAsyncLifetime
    {
        internal EmbeddedProgram Shop { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            Shop = await EmbeddedProgram.StartAsync(
                "/auth",
                options =>
                {
                    options.Proxies.Known = ["127.0.0.1"];
                    options.Proxies.Prefixes = ["/outer"];
                }
            );

        public ValueTask DisposeAsync() => Shop.DisposeAsync();
    }
}
