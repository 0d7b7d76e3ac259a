using FlowEngine.Context;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;
using FlowEngine.HttpConnector.Tests.Signing;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.HttpConnector.Tests.Testing;

/// <summary>The workbench: a request that a server received, pasted: which key signed it, and the first line and byte that differ.</summary>
public sealed class ReceivedCheckTests
{
    private const string First = "first-hmac-secret";
    private const string Second = "second-hmac-secret";
    private const string Template = "METHOD,URI,HEADER_x-tier,BODY";

    private static readonly string Hmac = $$"""
        { "hmacSecret": [ "{{First}}", "{{Second}}" ],
          "headers": [ { "key": "x-descope-signature-template", "value": "{{Template}}" }, { "key": "x-tier", "value": "gold" } ] }
        """;

    [Fact]
    public async Task Hmac_AsItWasReceived_NamesTheKey()
    {
        var (text, url) = await SendAsync(Hmac);

        var finding = (await CheckAsync(url, Hmac, text)).Get("received").Get("hmac");
        Assert.Equal((FlowValue.True, "1"), (finding.Get("verifies"), finding.Get("key").ToText()));
        Assert.Equal("POST/v2/users?a=1gold{\"name\":\"Ada\"}", finding.Get("signedText").ToText());

        // The second secret signs, as one that is about to come first does elsewhere.
        var (next, _) = await SendAsync(Hmac.Replace($"\"{First}\", \"{Second}\"", $"\"{Second}\"", StringComparison.Ordinal), url);
        Assert.Equal("2", (await CheckAsync(url, Hmac, next)).Get("received").Get("hmac").Get("key").ToText());

        var (foreign, _) = await SendAsync("""{ "hmacSecret": "a-stranger's" }""", url);
        var unknown = await CheckAsync(url, Hmac, foreign);
        Assert.Equal((FlowValue.False, FlowValue.Null), (unknown.Get("ok"), unknown.Get("received").Get("hmac").Get("key")));
        Assert.Contains("Neither secret", unknown.Get("received").Get("hmac").Get("reason").ToText(), StringComparison.Ordinal);
    }

    public static TheoryData<string, string, int, int, string, string, string> Changed =>
        new()
        {
            // What was done to the request; then the element, line and byte, and both sides of the line.
            { "{\"name\":\"Ada\"}|{ \"name\": \"Ada\" }", "BODY", 1, 23, "compact JSON", "{\"name\":\"Ada\"}", "{ \"name\": \"Ada\" }" },
            {
                "{\"name\":\"Ada\"}|{\"name\":\"Ada\"}\n",
                "BODY",
                1,
                36,
                "line break at its end",
                "{\"name\":\"Ada\"}",
                "{\"name\":\"Ada\"}"
            },
            { "POST /v2/users|POST /users", "URI", 1, 6, "/v2 before it", "POST/v2/users", "POST/users" },
        };

    [Theory]
    [MemberData(nameof(Changed))]
    public async Task Hmac_OfWhatWasChangedOnTheWay_SaysWhichByte(
        string change,
        string element,
        int line,
        int octet,
        string reason,
        string sent,
        string received
    )
    {
        var (text, url) = await SendAsync(Hmac);
        var sides = change.Split('|');
        Assert.Contains(sides[0], text, StringComparison.Ordinal);

        var finding = (await CheckAsync(url, Hmac, text.Replace(sides[0], sides[1], StringComparison.Ordinal))).Get("received").Get("hmac");

        Assert.Equal((FlowValue.False, "1"), (finding.Get("verifies"), finding.Get("key").ToText()));
        var difference = finding.Get("difference");
        Assert.Equal(
            (element, $"{line}", $"{octet}"),
            (difference.Get("element").ToText(), difference.Get("line").ToText(), difference.Get("byte").ToText())
        );
        Assert.Contains(reason, finding.Get("reason").ToText(), StringComparison.Ordinal);
        Assert.Contains(sent, difference.Get("sent").ToText(), StringComparison.Ordinal);
        Assert.Contains(received, difference.Get("received").ToText(), StringComparison.Ordinal);
    }

    /// <summary>Line ends of the clipboard are not those of the request.</summary>
    [Fact]
    public async Task Hmac_OfABodyWhoseLineEndsWereLost_IsFound()
    {
        const string Body = """{ "method": "POST", "bodyType": "text", "body": "one\r\ntwo" }""";
        var (text, url) = await SendAsync($$"""{ "hmacSecret": "{{First}}" }""", body: Body);

        var finding = (await CheckAsync(url, $$"""{ "hmacSecret": "{{First}}" }""", text.ReplaceLineEndings("\n")))
            .Get("received")
            .Get("hmac");

        Assert.Equal(("1", "4"), (finding.Get("difference").Get("line").ToText(), finding.Get("difference").Get("byte").ToText()));
        Assert.Contains("CR LF", finding.Get("reason").ToText(), StringComparison.Ordinal);
    }

    public static TheoryData<string> Keys =>
        [
            SigningKeyVectors.P256,
            SigningKeyVectors.P384,
            SigningKeyVectors.Ed25519,
            SigningKeyVectors.RsaPss,
            "a shared text of some length",
        ];

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Message_OfEachKindOfKey_IsVerifiedAsItWasReceived(string key)
    {
        var connector = Signing(key);
        var (text, url) = await SendAsync(connector);

        var finding = (await CheckAsync(url, connector, text)).Get("received").Get("messageSignature");
        Assert.Equal((FlowValue.True, "key-1"), (finding.Get("verifies"), finding.Get("key").ToText()));
        Assert.True(finding.Get("base").TryGetArray(out var lines));
        Assert.Equal(["\"@method\": POST", $"\"@target-uri\": {url}/v2/users?a=1"], lines.Take(2).Select(one => one.ToText()));

        // A proxy put its own host there.
        var host = new Uri(url).Authority;
        var behind = (
            await CheckAsync(url, connector, text.Replace($"Host: {host}", "Host: internal:8080", StringComparison.OrdinalIgnoreCase))
        )
            .Get("received")
            .Get("messageSignature");
        Assert.Equal((FlowValue.False, "key-1"), (behind.Get("verifies"), behind.Get("key").ToText()));
        Assert.Equal(
            ("2", "23", $"\"@target-uri\": {url}/v2/users?a=1", "\"@target-uri\": http://internal:8080/v2/users?a=1"),
            (
                behind.Get("difference").Get("line").ToText(),
                behind.Get("difference").Get("byte").ToText(),
                behind.Get("difference").Get("sent").ToText(),
                behind.Get("difference").Get("received").ToText()
            )
        );
        Assert.Contains("proxy", behind.Get("reason").ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_WithAnotherBody_SaysThatTheSignatureIsGoodAndTheBodyIsNot()
    {
        var (text, url) = await SendAsync(Signing(SigningKeyVectors.P256));

        var finding = (await CheckAsync(url, Signing(SigningKeyVectors.P256), text.Replace("Ada", "Bob", StringComparison.Ordinal)))
            .Get("received")
            .Get("messageSignature");

        Assert.Equal((FlowValue.False, "key-1"), (finding.Get("verifies"), finding.Get("key").ToText()));
        Assert.Contains("content-digest is not that of the body", finding.Get("reason").ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_WrittenOtherwise_OfAnotherKeyOrTooOld_IsTold()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var (text, url) = await SendAsync(Signing(SigningKeyVectors.P256), time: time);

        var der = await FindingAsync(Signing(SigningKeyVectors.P256, """, "ecdsaEncoding": "der" """));
        Assert.Contains("ecdsaEncoding", der.Get("reason").ToText(), StringComparison.Ordinal);

        var other = await FindingAsync(Signing(SigningKeyVectors.Ed25519).Replace("key-1", "key-2", StringComparison.Ordinal));
        Assert.Equal(FlowValue.Null, other.Get("key"));
        Assert.Contains("another key signed it", other.Get("reason").ToText(), StringComparison.Ordinal);
        Assert.Contains("names the key 'key-1'; the connector signs by 'key-2'", other.Get("notes").ToJson(), StringComparison.Ordinal);

        time.Advance(TimeSpan.FromMinutes(6));
        var late = await FindingAsync(Signing(SigningKeyVectors.P256));
        Assert.Equal(FlowValue.True, late.Get("verifies"));
        Assert.Contains("good until 2026-01-01T00:05:00Z", late.Get("notes").ToJson(), StringComparison.Ordinal);

        async Task<FlowValue> FindingAsync(string connector) =>
            (await CheckAsync(url, connector, text, time)).Get("received").Get("messageSignature");
    }

    [Theory]
    [InlineData("""{ "hmacSecret": "s-secret" }""", "no request at all", "request line")]
    [InlineData("""{ "hmacSecret": "s-secret" }""", "GET / HTTP/1.1\nno header", "no header")]
    [InlineData("""{ "hmacSecret": "s-secret" }""", "GET / HTTP/1.1\nx: \u0007", "control character")]
    [InlineData("""{ "hmacSecret": "s-secret" }""", "GET / HTTP/1.1\nhost: a b", "host or the path")]
    [InlineData("{}", "GET / HTTP/1.1", "signs nothing")]
    public async Task Text_ThatIsNoRequest_IsRefusedWithItsCode(string connector, string text, string word)
    {
        var result = await CheckAsync("http://127.0.0.1:1", connector, text);

        Assert.Equal(FlowValue.False, result.Get("ok"));
        Assert.True(result.Get("problems").TryGetArray(out var problems));
        var problem = Assert.Single(problems);
        Assert.Equal("http.received", problem.Get("code").ToText());
        Assert.Contains(word, $"{problem.Get("message").ToText()} {problem.Get("advice").ToText()}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signature_ThatIsNotThere_IsTold()
    {
        var both = Signing(SigningKeyVectors.P256, more: $$""", "hmacSecret": "{{First}}" """);

        var result = await CheckAsync("http://127.0.0.1:1", both, "> GET / HTTP/1.1\n> host: x\n>\n");

        Assert.Contains("x-descope-webhook-s256", result.Get("received").Get("hmac").Get("reason").ToText(), StringComparison.Ordinal);
        Assert.Contains("signature-input", result.Get("received").Get("messageSignature").Get("reason").ToText(), StringComparison.Ordinal);
    }

    /// <summary>What is pasted may hold the connector's own secrets: they are masked in what is shown of it.</summary>
    [Fact]
    public async Task Secrets_OfTheConnectorInTheRequest_AreMasked()
    {
        var connector = Hmac.Replace("HEADER_x-tier", "HEADER_authorization", StringComparison.Ordinal)
            .Replace(
                "{ \"hmacSecret\"",
                """{ "authentication": { "method": "bearerToken", "bearerToken": "bearer-secret" }, "hmacSecret" """.Trim(),
                StringComparison.Ordinal
            );
        var (text, url) = await SendAsync(connector);

        var result = await CheckAsync(url, connector, text);

        Assert.Equal(FlowValue.True, result.Get("ok"));
        Assert.Equal("POST/v2/users?a=1Bearer ***{\"name\":\"Ada\"}", result.Get("received").Get("hmac").Get("signedText").ToText());
        Assert.DoesNotContain("bearer-secret", result.ToJson(), StringComparison.Ordinal);
    }

    private static string Signing(string key, string settings = "", string more = "") =>
        $$"""
            { "messageSignature": { "keyId": "key-1", "key": {{FlowValue.From(key).ToJson()}},
                "components": [ "@method", "@target-uri", "content-digest" ] {{settings}} } {{more}} }
            """;

    /// <summary>Sends a request by a connector, and gives it as it stood on the wire.</summary>
    private static async Task<(string Text, string Url)> SendAsync(
        string connector,
        string? url = null,
        string body = """{ "method": "POST", "body": { "name": "Ada" } }""",
        TimeProvider? time = null
    )
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        var options = new HttpModuleOptions { Egress = Transports.Loopback, Time = time ?? TimeProvider.System };
        FlowValue.Parse(body).TryGetObject(out var activity);
        var settings = FlowValue.From(activity!.With("endpoint", FlowValue.From("/users?a=1")));
        await using var flow = TestFlow.Compile(server.Url + "/v2", settings.ToJson(), connector, options);
        await flow.RunAsync();
        var request = Assert.Single(server.Requests);
        return ($"{request.Head.TrimEnd('\r', '\n')}\r\n\r\n{request.Text}", url ?? server.Url);
    }

    private static async Task<FlowValue> CheckAsync(string url, string connector, string text, TimeProvider? time = null)
    {
        await using var flow = TestFlow.Compile(
            url + "/v2",
            "{}",
            connector,
            new HttpModuleOptions { Egress = Transports.Loopback, Time = time ?? TimeProvider.System }
        );
        var request = FlowValue.Object([("received", FlowValue.From(text))]);
        return await flow.Connectors.Find("api", out _)!.TestAsync(request, TestContext.Current.CancellationToken);
    }
}
