using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using FlowEngine.Context;
using FlowEngine.TestServers;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FlowEngine.AspNetCore.Tests.Web.Runtime;

/// <summary>Whatever comes in, problem details go out, never a 5xx, and the server
/// works afterwards. Each row of each table is a case of its own.</summary>
public sealed class FlowEndpointsHostileTests(DemoServer demo) : IClassFixture<DemoServer>
{
    /// <summary>Also those that are not FlowEngine's own but the program's: the demo's API, and its way to the login.</summary>
    [Theory]
    [InlineData("/demo/users/ada")]
    [InlineData("/demo/nothing")]
    [InlineData("/v1/nothing")]
    [InlineData("/healthz")]
    public async Task Answers_HaveTheHeadersThatGuardThem(string path)
    {
        using var answer = await demo.Server.Http.GetAsync(path);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.Contains("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.True(answer.Headers.CacheControl!.NoStore);
    }

    /// <summary>Bodies that no endpoint takes for what it wants.</summary>
    private static readonly string[] Bodies =
    [
        "",
        " ",
        "\0",
        "{",
        "}",
        "[]",
        "[{}]",
        "null",
        "true",
        "1",
        "-",
        "1e999",
        "\"x\"",
        "{}",
        "{}{}",
        "{} x",
        "{,}",
        "{\"a\":}",
        "{'flowId':'login'}",
        "{flowId:1}",
        "// x",
        "{\"a\":NaN}",
        "{\"a\":01}",
        "<xml/>",
        "flowId=login",
        "{\"$type\":\"System.IO.File\"}",
        "{\"__proto__\":{\"flowId\":\"login\"}}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\n\"}",
        "{\"\\ud800\":1}",
        "\ufeff{}",
        "{\"a\":1,}",
        "{\"flowId\":1}",
        "{\"flowId\":null}",
        "{\"flowId\":{}}",
        "{\"flowId\":[]}",
        "{\"flowId\":true}",
        "{\"flowId\":\"\"}",
        "{\"flowId\":\" \"}",
        "{\"flowId\":\"no-such-flow\"}",
        "{\"FLOWID\":\"login\"}",
        "{\"flowId\":\"../../etc/passwd\"}",
        "{\"flowId\":\"..\\\\..\\\\windows\"}",
        "{\"flowId\":\"login/../login\"}",
        "{\"flowId\":\"%2e%2e%2flogin\"}",
        "{\"flowId\":\"login\\u0000\"}",
        "{\"flowId\":\"login\\n\"}",
        "{\"flowId\":\"\\ud800\"}",
        "{\"flowId\":\"login' or '1'='1\"}",
        "{\"flowId\":\"login; drop table runs\"}",
        "{\"flowId\":\"{{client.x}}\"}",
        "{\"flowId\":\"<script>\"}",
        "{\"flowId\":\"LOGIN\"}",
        "{\"flowId\":\"login\",\"options\":[]}",
        "{\"flowId\":\"login\",\"options\":\"x\"}",
        "{\"flowId\":\"login\",\"options\":{\"client\":3}}",
        "{\"flowId\":\"login\",\"options\":{\"client\":[]}}",
        "{\"flowId\":\"login\",\"options\":{\"locale\":{}}}",
        "{\"flowId\":\"login\",\"version\":\"x\"}",
        "{\"flowId\":\"login\",\"version\":1.5}",
        "{\"flowId\":\"login\",\"version\":1e400}",
        "{\"flowId\":\"login\",\"version\":{}}",
        "{\"flowId\":\"login\",\"input\":\"x\",\"interactionId\":\"submit\"}",
        "{\"flowId\":\"login\",\"input\":[],\"interactionId\":\"submit\"}",
        "{\"flowId\":\"login\",\"interactionId\":{}}",
        "{\"flowId\":\"login\",\"interactionId\":7}",
        "{\"flowId\":\"no-such-flow\",\"flowId\":\"no-such-flow\"}",
        "{\"flowId\":\"no-such-flow\",\"flowId\":\"login\"}",
        "{\"executionId\":\"x\",\"stepId\":\"y\",\"interactionId\":\"submit\",\"input\":{}}",
        "{\"executionId\":7,\"interactionId\":\"submit\"}",
        "{\"executionId\":\"../x\",\"stepId\":\"y\",\"interactionId\":\"submit\"}",
        "{\"executionId\":\"\\u0000\",\"stepId\":\"y\",\"interactionId\":\"submit\"}",
        "{\"executionId\":\"x\",\"stepId\":[],\"interactionId\":\"submit\"}",
        "{\"executionId\":\"x\",\"stepId\":\"y\",\"interactionId\":null}",
        "{\"executionId\":\"x\",\"stepId\":\"y\",\"interactionId\":\"submit\",\"input\":[1]}",
        "{\"executionId\":\"x\",\"stepId\":\"y\",\"interactionId\":\"submit\",\"version\":false}",
        "{\"executionId\":\"\u00e9\u0301\",\"interactionId\":\"submit\"}",
        "{\"code\":\"x\",\"redirectUri\":\"y\"}",
        "{\"code\":{},\"redirectUri\":1}",
        "{\"code\":\"x\",\"redirectUri\":\"javascript:alert(1)\",\"codeVerifier\":[]}",
        "{\"refreshJwt\":1}",
        "{\"refreshJwt\":\"x\"}",
        "{\"refreshJwt\":[\"x\"]}",
        "{\"name\":1,\"password\":2}",
        "{\"name\":\"../x\",\"password\":\"x\",\"role\":\"root\"}",
        "{\"definition\":1}",
        "{\"definition\":[],\"revision\":\"x\"}",
        "{\"token\":{},\"name\":\"x\",\"password\":\"x\"}",
    ];

    private static readonly string[] JsonEndpoints =
    [
        "/v1/flow/start",
        "/v1/flow/next",
        "/v1/mgmt/flow/run",
        "/v1/auth/code/exchange",
        "/v1/auth/refresh",
        "/v1/auth/logout",
        "/v1/auth/logoutall",
    ];

    public static TheoryData<string, string> Addresses =>
        new()
        {
            { "GET", "/v1/flow/start" },
            { "PUT", "/v1/flow/start" },
            { "DELETE", "/v1/flow/next" },
            { "PATCH", "/v1/auth/refresh" },
            { "TRACE", "/v1/flow/start" },
            { "PROPFIND", "/v1/flow/next" },
            { "FOO", "/healthz" },
            { "POST", "/" + new string('a', 4000) },
            { "POST", "/v1/flow/nothing" },
            { "POST", "/v1/flow/start/" + new string('b', 200) },
            { "GET", "/v1" },
            { "GET", "/api/no-such-thing" },
            { "GET", "/.env" },
            { "GET", "/.git/config" },
            { "GET", "/v2/keys/other" },
            { "GET", "/v2/keys/" },
            { "GET", "/v2/keys/..%2f..%2fetc%2fpasswd" },
            { "GET", "/v2/keys/%00" },
            { "GET", "/v2/keys/%ff%fe" },
            { "GET", "/v2/keys/default%0d%0aSet-Cookie:x" },
            { "GET", "/v2/keys/DEFAULT" },
            { "DELETE", "/.well-known/jwks.json" },
            { "GET", "/.well-known/../data/root.key" },
            { "GET", "/flow-engine/..%2f..%2fappsettings.json" },
            { "GET", "/flow-engine/%2e%2e%2fappsettings.json" },
            { "GET", "/flow-engine/screens.css%00.js" },
            { "GET", "/openapi/v2.json" },
            { "GET", "/openapi/..%2fv1.json" },
            { "GET", "/reference/..%2f..%2fFlowEngine.Server.dll" },
            { "GET", "/data/management.key" },
            { "GET", "/flows/login.flow.json" },
            { "GET", "/%5c..%5cwindows" },
        };

    public static TheoryData<string> ContentTypes =>
        [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/xml",
            "application/jsonp",
            "text/json; charset=utf-7",
            "application/octet-stream",
            "*/*",
        ];

    public static TheoryData<string> RawRequests =>
        [
            "POST /v1/flow/start HTTP/1.1\r\nHost: x\r\nContent-Type: "
                + "application/json\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n",
            "POST /v1/flow/start HTTP/1.1\r\nHost: x\r\nContent-Type: "
                + "application/json\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}",
            "POST /v1/flow/start HTTP/1.1\r\nHost: x\r\nContent-Type: "
                + "application/json\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{}",
            "POST /v1/flow/start HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: gzip\r\n\r\n{}",
            "POST /v1/flow/start HTTP/1.1\r\nHost: x\r\nContent-Type: "
                + "application/json\r\nContent-Length: 2\r\nContent-Length: 20\r\n\r\n{}",
            "POST /v1/flow/start HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: -1\r\n\r\n{}",
            "POST /v1/flow/start HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99999999999999999999\r\n\r\n{}",
            "POST /v1/flow/start HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5000000000\r\n\r\n{}",
            "POST /v1/flow/start HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
            "POST /v1/flow/start HTTP/1.1\r\nHost: x\r\nHost: y\r\nContent-Length: 2\r\n\r\n{}",
            "POST /v1/flow/start HTTP/1.1\r\nHost: x\r\n Folded: y\r\nContent-Length: 2\r\n\r\n{}",
            "POST /v1/flow/start HTTP/1.1\r\nHost: x\r\nNo colon here\r\n\r\n",
            "POST /v1/flow/start HTTP/1.1\r\nHost: x\r\nBad\0Name: y\r\n\r\n",
            "POST /v1/flow/start HTTP/1.1\r\nHost: x\r\nName: bad\0value\r\n\r\n",
            "POST /v1/flow/start HTTP/9.9\r\nHost: x\r\n\r\n",
            "POST /v1/flow/start\r\n\r\n",
            "GET /v2/keys/\0 HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET http://evil.example/v1/flow/start HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET //evil.example/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            "CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n",
            "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
            "\0\0\0\0\r\n\r\n",
            "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        ];

    [Fact]
    public async Task Bodies_AreRefusedWithProblemDetails()
    {
        var key = await demo.Server.ManagementKeyAsync();
        string[] more =
        [
            $$"""{ "flowId": "{{new string('a', 400_000)}}" }""",
            "{\"flowId\":" + new string('[', 5000) + new string(']', 5000) + "}",
            string.Concat(Enumerable.Repeat("{\"a\":", 3000)) + "1" + new string('}', 3000),
            $$"""{ "{{new string('k', 100_000)}}": 1 }""",
            $$"""{ "flowId": {{new string('9', 50_000)}} }""",
            "[" + string.Join(',', Enumerable.Repeat("1", 50_000)) + "]",
        ];
        var cases = 0;
        foreach (var path in JsonEndpoints)
        {
            foreach (var body in Bodies.Concat(more))
            {
                using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
                content.Headers.ContentType = new("application/json");
                using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
                if (path.Contains("mgmt", StringComparison.Ordinal))
                    request.Headers.Authorization = new("Bearer", key);
                using var answer = await demo.Server.Http.SendAsync(request);
                // Of a name that stands twice the last one counts, and this one names a flow.
                if (
                    body == "{\"flowId\":\"no-such-flow\",\"flowId\":\"login\"}"
                    && path.StartsWith("/v1/flow/start", StringComparison.Ordinal)
                    && answer.IsSuccessStatusCode
                )
                    continue;
                await AssertProblemAsync(answer, $"{path} {body[..Math.Min(body.Length, 80)]}");
                cases++;
            }
        }
        Assert.True(cases >= 600);
        await AssertWorksAsync();
    }

    [Fact]
    public async Task DocumentedEndpoints_WithHostileIdsAndBodies_AreNeverA5xx()
    {
        var key = await demo.Server.ManagementKeyAsync();
        var document = FlowValue.Parse(await demo.Server.Http.GetStringAsync("/openapi/v1.json"));
        document.Get("paths").TryGetObject(out var paths);
        string[] ids = ["..%2f..%2fetc%2fpasswd", "%00", "%ff", "x%27%20or%20%271%27=%271", new string('z', 1000), "-1", "%F0%9F%92%A9"];
        string[] queries = ["", "?limit=-1&before=x&cursor=%00&from=draft%27&until=9999-99-99&version=1e9&format=exe"];
        var cases = 0;
        foreach (var (path, item) in paths!)
        {
            item.TryGetObject(out var operations);
            foreach (var (method, operation) in operations!)
            {
                var hasId = path.Contains('{', StringComparison.Ordinal);
                string[] bodies =
                    operation.Get("requestBody").IsMissing ? [""]
                    : hasId ? ["{}", "[]"]
                    : [.. Bodies.Where((_, index) => index % 4 == 0)];
                foreach (var id in hasId ? ids : [""])
                {
                    foreach (
                        var target in queries.Select(query => System.Text.RegularExpressions.Regex.Replace(path, @"\{[^}]+\}", id) + query)
                    )
                    {
                        foreach (var body in bodies)
                        {
                            using var request = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), target);
                            if (path.StartsWith("/api", StringComparison.Ordinal) || path.StartsWith("/v1/mgmt", StringComparison.Ordinal))
                                request.Headers.Authorization = new("Bearer", key);
                            if (body.Length > 0)
                                request.Content = new StringContent(body, Encoding.UTF8, "application/json");
                            using var answer = await demo.Server.Http.SendAsync(request);
                            if (answer.IsSuccessStatusCode)
                                continue;
                            await AssertProblemAsync(answer, $"{method} {target} {body}");
                            cases++;
                        }
                    }
                }
            }
        }
        Assert.True(cases >= 100, cases.ToString(CultureInfo.InvariantCulture));
        await AssertWorksAsync();
    }

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task OtherAddressesAndMethods_AreProblems(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await demo.Server.Http.SendAsync(request);

        await AssertProblemAsync(answer, path);
    }

    [Theory]
    [MemberData(nameof(ContentTypes))]
    public async Task OtherContentTypes_AreRefused(string contentType)
    {
        foreach (var path in JsonEndpoints[..2])
        {
            using var content = new StringContent("""{ "flowId": "login", "executionId": "x", "interactionId": "submit" }""");
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
            using var answer = await demo.Server.Http.PostAsync(path, content);
            await AssertProblemAsync(answer, $"{path} {contentType}");
        }
    }

    [Theory]
    [InlineData("7b22ff22:31")]
    [InlineData("7b22666c6f774964223a22c322:7d")]
    [InlineData("7b22666c6f774964223a22eda08022:7d")]
    [InlineData("fffe7b007d00:")]
    [InlineData("c080:")]
    [InlineData("1f8b0800:00")]
    public async Task InvalidUtf8_IsRefused(string hex)
    {
        using var content = new ByteArrayContent(Convert.FromHexString(hex.Replace(":", "", StringComparison.Ordinal)));
        content.Headers.ContentType = new("application/json");

        using var answer = await demo.Server.Http.PostAsync("/v1/flow/start", content);

        await AssertProblemAsync(answer, hex);
    }

    [Theory]
    [MemberData(nameof(RawRequests))]
    public async Task MalformedHttp_IsRefusedOrCut(string request) => await AssertRefusedAsync(Encoding.Latin1.GetBytes(request));

    [Theory]
    [InlineData(1, 40_000)]
    [InlineData(200, 10)]
    [InlineData(50, 2000)]
    public async Task GiantHeaders_AreRefused(int count, int length)
    {
        var headers = string.Concat(Enumerable.Range(0, count).Select(i => $"X-H{i}: {new string('h', length)}\r\n"));

        await AssertRefusedAsync(Encoding.ASCII.GetBytes($"POST /v1/flow/start HTTP/1.1\r\nHost: x\r\n{headers}Content-Length: 0\r\n\r\n"));
    }

    [Fact]
    public async Task GiantHeaderThatIsTaken_IsNoCredential()
    {
        var (status, body, _) = await demo.Server.PostAsync("/v1/auth/refresh", "{}", new string('x', 20_000));

        Assert.Equal((HttpStatusCode.Unauthorized, "token.invalid"), (status, body.Get("errorCode").ToText()));
    }

    [Fact]
    public async Task TamperedTokens_AreRefused()
    {
        var tokens = (await demo.Server.SignInAsync("ada@example.com")).Get("authInfo");
        var refresh = tokens.Get("refreshJwt").ToText();
        var parts = tokens.Get("sessionJwt").ToText().Split('.');
        var read = new JsonWebToken(tokens.Get("sessionJwt").ToText());
        string Encode(string text) => Base64UrlEncoder.Encode(text);
        var header = Base64UrlEncoder.Decode(parts[0]);
        var payload = Base64UrlEncoder.Decode(parts[1]);
        var foreign = new JsonWebTokenHandler().CreateToken(
            payload,
            new SigningCredentials(
                new ECDsaSecurityKey(System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256))
                {
                    KeyId = read.Kid,
                },
                "ES256"
            )
        );
        var hmac = new JsonWebTokenHandler().CreateToken(
            payload,
            new SigningCredentials(
                new SymmetricSecurityKey(Encoding.UTF8.GetBytes(await demo.Server.Http.GetStringAsync("/.well-known/jwks.json")))
                {
                    KeyId = read.Kid,
                },
                "HS256"
            )
        );
        string[] forged =
        [
            "x",
            "x.y.z",
            "..",
            "default:",
            "default:x.y.z",
            "other:" + refresh,
            tokens.Get("sessionJwt").ToText(),
            refresh[..^8] + "AAAAAAAA",
            refresh.ToUpperInvariant(),
            refresh + refresh,
            parts[0] + "." + parts[1],
            parts[0] + "." + parts[1] + ".",
            refresh + "." + parts[2],
            refresh + "=",
            Encode("""{"alg":"none"}""") + "." + parts[1] + ".",
            Encode("""{"alg":"None","typ":"refresh+jwt"}""") + "." + parts[1] + ".",
            Encode(header.Replace("ES256", "none", StringComparison.Ordinal)) + "." + parts[1] + "." + parts[2],
            Encode(header.Replace("ES256", "HS256", StringComparison.Ordinal)) + "." + parts[1] + "." + parts[2],
            hmac,
            foreign,
            Encode(header.Replace(read.Kid, "../../dev/null", StringComparison.Ordinal)) + "." + parts[1] + "." + parts[2],
            Encode(header.Replace(read.Kid, "' or 1=1 --", StringComparison.Ordinal)) + "." + parts[1] + "." + parts[2],
            Encode(header[..^1] + ",\"jku\":\"http://127.0.0.1:1/keys\"}") + "." + parts[1] + "." + parts[2],
            Encode(header[..^1] + ",\"crit\":[\"x\"]}") + "." + parts[1] + "." + parts[2],
            parts[0] + "." + Encode(payload.Replace("\"ada\"", "\"root\"", StringComparison.Ordinal)) + "." + parts[2],
            parts[0] + "." + Encode("{}") + "." + parts[2],
            parts[0] + "." + Encode(payload.Replace("\"exp\":1", "\"exp\":9", StringComparison.Ordinal)) + "." + parts[2],
            "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.",
            new string('A', 10_000) + "." + parts[1] + "." + parts[2],
        ];
        foreach (var token in forged)
        {
            foreach (var path in new[] { "/v1/auth/refresh", "/v1/auth/logout", "/v1/auth/logoutall", "/v1/mgmt/flow/run" })
            {
                var (status, body, _) = await demo.Server.PostAsync(path, "{}", token);
                Assert.True(status == HttpStatusCode.Unauthorized, $"{path} {token}");
                Assert.NotEqual("", body.Get("errorCode").ToText());
            }
        }

        // None of them has spoiled the true one.
        Assert.Equal(HttpStatusCode.OK, (await demo.Server.PostAsync("/v1/auth/refresh", "{}", refresh)).Status);
    }

    [Fact]
    public async Task AnotherRunsStep_DoesNotAdvance()
    {
        var (mine, theirs) = (await demo.Server.BeginAsync(), await demo.Server.BeginAsync());
        foreach (
            var step in new[]
            {
                theirs.Get("stepId").ToText(),
                mine.Get("executionId").ToText(),
                "",
                "x",
                mine.Get("stepId").ToText().ToUpperInvariant(),
                mine.Get("stepId").ToText() + " ",
            }
        )
        {
            var (status, answer, _) = await demo.Server.PostAsync(
                "/v1/flow/next",
                $$"""{ "executionId": "{{mine.Get("executionId").ToText()}}", "stepId": "{{step}}", "interactionId": "submit","""
                    + """ "input": { "email": "ada@example.com" } }"""
            );
            Assert.Equal(
                (HttpStatusCode.OK, "waiting", mine.Get("stepId").ToText()),
                (status, answer.Get("status").ToText(), answer.Get("stepId").ToText())
            );
            Assert.True(answer.Get("authInfo").IsMissing);
        }
        foreach (
            var run in new[]
            {
                theirs.Get("stepId").ToText(),
                mine.Get("executionId").ToText().ToLowerInvariant() + "x",
                mine.Get("executionId").ToText() + "/",
                "run/" + mine.Get("executionId").ToText(),
            }
        )
        {
            var (status, _, _) = await demo.Server.PostAsync(
                "/v1/flow/next",
                $$"""{ "executionId": "{{run}}", "stepId": "{{mine.Get("stepId").ToText()}}", "interactionId": "submit", "input": {} }"""
            );
            Assert.Equal(HttpStatusCode.NotFound, status);
        }
        var (_, unknown, _) = await demo.Server.SubmitAsync(mine, "ada@example.com", "no-such-button");
        Assert.Equal("screen.interaction", unknown.Get("error").Get("code").ToText());
        Assert.Equal("completed", (await demo.Server.SubmitAsync(mine, "ada@example.com")).Body.Get("status").ToText());
    }

    private async Task AssertWorksAsync()
    {
        Assert.Equal("ok", await demo.Server.Http.GetStringAsync("/readyz"));
        Assert.Equal("completed", (await demo.Server.SignInAsync("ada@example.com")).Get("status").ToText());
    }

    /// <summary>Sends bytes as they are. What comes back is a refusal, or nothing.</summary>
    private async Task AssertRefusedAsync(byte[] request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(demo.Server.Address).Port);
        await using var stream = client.GetStream();
        var answer = new MemoryStream();
        try
        {
            await stream.WriteAsync(request);
            client.Client.Shutdown(SocketShutdown.Send);
            await stream.CopyToAsync(answer).WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            // The server hung up.
        }
        var text = Encoding.Latin1.GetString(answer.ToArray());
        Assert.True(
            text.Length == 0
                || text.StartsWith("HTTP/1.1 4", StringComparison.Ordinal)
                || text.StartsWith("HTTP/1.1 505", StringComparison.Ordinal)
                || !text.StartsWith("HTTP", StringComparison.Ordinal),
            text
        );
        await AssertWorksAsync();
    }

    private static async Task AssertProblemAsync(HttpResponseMessage answer, string what)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode is >= 400 and < 500, $"{what}: {answer.StatusCode} {text}");
        // A NUL in the path is no HTTP: Kestrel refuses it before anything of ours sees it.
        if (text.Length == 0 && answer.StatusCode == HttpStatusCode.BadRequest && what.Contains("%00", StringComparison.Ordinal))
            return;
        Assert.True(
            answer.Content.Headers.ContentType?.MediaType == "application/problem+json",
            $"{what}: {answer.StatusCode} {answer.Content.Headers.ContentType} {text}"
        );
        var problem = FlowValue.Parse(text);
        Assert.True(
            problem.Get("errorCode").ToText().Length > 0
                && problem.Get("errorDescription").ToText().Length > 0
                && problem.Get("errorMessage").ToText().Length > 0,
            text
        );
        Assert.Equal((int)answer.StatusCode, problem.Get("status").TryGetInteger(out var status) ? status : 0);
    }
}
