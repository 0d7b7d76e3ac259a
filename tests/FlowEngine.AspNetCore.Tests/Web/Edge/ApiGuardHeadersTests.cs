using System.Net;
using System.Net.Sockets;
using System.Text;
using FlowEngine.TestServers;

namespace FlowEngine.AspNetCore.Tests.Web.Edge;

/// <summary>CORS by an allow-list, security headers, and clients that take their time.</summary>
public sealed class ApiGuardHeadersTests(ApiGuardHeadersTests.Server behindProxy) : IClassFixture<ApiGuardHeadersTests.Server>
{
    private const string App = "https://app.example.com";

    [Theory]
    [InlineData("POST", "/v1/flow/start")]
    [InlineData("POST", "/v1/flow/next")]
    [InlineData("POST", "/v1/auth/refresh")]
    public async Task Preflight_OfAKnownOrigin_IsAllowed(string method, string path)
    {
        using var answer = await PreflightAsync(App, method, path);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(App, Header(answer, "Access-Control-Allow-Origin"));
        Assert.Contains("content-type", Header(answer, "Access-Control-Allow-Headers"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains(method, Header(answer, "Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.Equal("", Header(answer, "Access-Control-Allow-Credentials"));
    }

    [Theory]
    [InlineData("https://evil.example.com")]
    [InlineData("http://app.example.com")]
    [InlineData("https://app.example.com.evil.example")]
    [InlineData("https://app.example.com:444")]
    [InlineData("null")]
    public async Task Preflight_OfAnotherOrigin_IsNot(string origin)
    {
        using var answer = await PreflightAsync(origin, "POST", "/v1/flow/start");

        Assert.Equal("", Header(answer, "Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Call_OfAKnownOrigin_IsReadable_AlsoWhenItIsRefused()
    {
        foreach (var body in new[] { """{ "flowId": "login" }""", "{}" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/flow/start")
            {
                Content = new StringContent(body, Encoding.UTF8, "application/json"),
            };
            request.Headers.Add("Origin", App);
            using var answer = await behindProxy.Served.Http.SendAsync(request);
            Assert.Equal(App, Header(answer, "Access-Control-Allow-Origin"));
            Assert.Equal("", Header(answer, "Access-Control-Allow-Credentials"));
        }
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/v2/keys/default")]
    [InlineData("/v1/nothing")]
    [InlineData("/login/login")]
    [InlineData("/flow-engine.js")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/reference")]
    public async Task EveryAnswer_HasSecurityHeaders(string path)
    {
        using var plain = await GetAsync(path, "http");
        using var secure = await GetAsync(path, "https");

        foreach (var answer in new[] { plain, secure })
        {
            Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
            Assert.Equal("no-referrer", Header(answer, "Referrer-Policy"));
            Assert.Contains("default-src 'none'", Header(answer, "Content-Security-Policy"), StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", Header(answer, "Content-Security-Policy"), StringComparison.Ordinal);
            Assert.DoesNotContain("script-src 'unsafe-inline'", Header(answer, "Content-Security-Policy"), StringComparison.Ordinal);
            Assert.Equal("", Header(answer, "Server"));
        }
        Assert.Equal("", Header(plain, "Strict-Transport-Security"));
        Assert.Equal("max-age=31536000", Header(secure, "Strict-Transport-Security"));
    }

    [Fact]
    public async Task Cookies_BehindTls_AreSecure()
    {
        using var plain = await GetAsync("/login/login", "http");
        using var secure = await GetAsync("/login/login", "https");

        Assert.DoesNotContain("secure", Header(plain, "Set-Cookie"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("secure", Header(secure, "Set-Cookie"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("httponly", Header(secure, "Set-Cookie"), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task ABodyThatDrips_IsCutOff()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(behindProxy.Served.Address).Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(
            "POST /v1/flow/start HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{"u8.ToArray()
        );

        // Nothing more comes from us; the end, or an answer and then the end, has to come from there.
        var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer).WaitAsync(TimeSpan.FromSeconds(60));
        }
        catch (IOException)
        {
            // Cut off hard.
        }

        var text = Encoding.ASCII.GetString(answer.ToArray());
        Assert.True(text.Length == 0 || text.StartsWith("HTTP/1.1 4", StringComparison.Ordinal), text);
    }

    private static string Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) || answer.Content.Headers.TryGetValues(name, out values)
            ? string.Join(", ", values)
            : "";

    private async Task<HttpResponseMessage> PreflightAsync(string origin, string method, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", method);
        request.Headers.Add("Access-Control-Request-Headers", "content-type");
        return await behindProxy.Served.Http.SendAsync(request);
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string scheme)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = behindProxy.Served.Http.BaseAddress,
        };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-Forwarded-For", "192.0.2.1");
        request.Headers.Add("X-Forwarded-Proto", scheme);
        return await http.SendAsync(request);
    }

    /// <summary>Per test class: a server that believes a proxy on this machine.</summary>
    public sealed class Server : IAsyncLifetime
    {
        internal Served Served { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Served = await DemoServer.StartAsync("Proxies:Known=127.0.0.1", $"Cors:Origins={App}");

        public ValueTask DisposeAsync() => Served.DisposeAsync();
    }
}
