using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Signing;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;
using FlowEngine.HttpConnector.Wire.Egress;

namespace FlowEngine.HttpConnector.Tests.Signing;

/// <summary>Message signatures (RFC 9421) of requests that flows send, verified over what stood on the wire.</summary>
public sealed class MessageSignerInFlowsTests
{
    private const string Shared = "a text that both sides share";

    private static string Signing(string more = "", string components = "\"@method\", \"@target-uri\", \"content-digest\"") =>
        $$"""{ "messageSignature": { "keyId": "k", "key": "{{Shared}}", "components": [ {{components}} ] } {{more}} }""";

    [Fact]
    public async Task Request_IsSignedWithEveryParameter()
    {
        var time = new HurriedTime(TimeSpan.Zero);
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "method": "POST", "endpoint": "/u?x=%41", "body": { "a": 1 } }""",
            Signing(),
            new() { Egress = Transports.Loopback, Time = time }
        );

        await flow.RunAsync();

        var request = Assert.Single(server.Requests);
        var created = time.GetUtcNow().ToUnixTimeSeconds();
        Assert.Matches(
            """^sig1=\("@method" "@target-uri" "content-digest"\);created="""
                + $"{created};expires={created + 300};"
                + """nonce="[A-Za-z0-9+/]{22}==";keyid="k";alg="hmac-sha256"$""",
            request.Header("signature-input")
        );
        Assert.Equal("sha-256=:" + Convert.ToBase64String(SHA256.HashData("{\"a\":1}"u8)) + ":", request.Header("content-digest"));
        Assert.True(
            IsGood(
                request,
                [$"\"@method\": POST", $"\"@target-uri\": {server.Url}/u?x=%41", $"\"content-digest\": {request.Header("content-digest")}"]
            )
        );
    }

    /// <summary>A stale "created" is refused by receivers, and a nonce that comes twice is a replay.</summary>
    [Fact]
    public async Task Retry_IsSignedAfresh()
    {
        var time = new HurriedTime(TimeSpan.FromSeconds(11));
        var answers = 0;
        await using var server = LoopbackServer.Answering(_ =>
            Interlocked.Increment(ref answers) == 1 ? LoopbackServer.Reply(503, "", "Retry-After: 7\r\n") : LoopbackServer.Reply(200)
        );
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "method": "PUT", "body": 1, "retry": { "attempts": 1 }, "timeout": 60 }""",
            Signing(),
            new() { Egress = Transports.Loopback, Time = time }
        );
        var start = time.GetUtcNow().ToUnixTimeSeconds();

        await flow.RunAsync();

        Assert.Equal(
            [start, start + 7],
            server.Requests.Select(request => long.Parse(Parameter(request, "created"), CultureInfo.InvariantCulture))
        );
        Assert.Equal(2, server.Requests.Select(request => Parameter(request, "nonce")).Distinct().Count());
        Assert.All(
            server.Requests,
            request =>
                Assert.True(
                    IsGood(
                        request,
                        ["\"@method\": PUT", $"\"@target-uri\": {server.Url}/", $"\"content-digest\": {request.Header("content-digest")}"]
                    )
                )
        );
    }

    /// <summary>Signed last: what the authentication, the HMAC and the transport add is in it as it is sent.</summary>
    [Fact]
    public async Task Headers_AreCoveredAsTheyAreSent()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "method": "POST", "bodyType": "text", "body": "é", "headers": { "x-name": "  {{client.v}} " } }""",
            Signing(
                """, "hmacSecret": "hmac-secret", "authentication": { "method": "bearerToken", "bearerToken": "bearer-secret" }""",
                "\"authorization\", \"x-descope-webhook-s256\", \"x-name\", \"content-length\", \"host\", \"accept-encoding\", "
                    + "\"content-type\", \"idempotency-key\""
            )
        );

        await flow.RunAsync("""{ "v": "Ada" }""");

        var request = Assert.Single(server.Requests);
        string[] names =
        [
            "authorization",
            "x-descope-webhook-s256",
            "x-name",
            "content-length",
            "host",
            "accept-encoding",
            "content-type",
            "idempotency-key",
        ];
        Assert.Equal("Ada", request.Header("x-name"));
        Assert.True(IsGood(request, [.. names.Select(name => $"\"{name}\": {request.Header(name)}")]));
    }

    /// <summary>RFC 9530: the digest is of the content as it is sent, coding and all.</summary>
    [Fact]
    public async Task Digest_OfABodyWithAContentCoding_IsThatOfTheBytesSent()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "method": "POST", "bodyType": "text", "body": "not really gzip", "headers": { "content-encoding": "gzip" } }""",
            Signing(components: "\"content-digest\", \"content-encoding\"")
        );

        await flow.RunAsync();

        var request = Assert.Single(server.Requests);
        Assert.Equal($"sha-256=:{Convert.ToBase64String(SHA256.HashData(request.Body))}:", request.Header("content-digest"));
        Assert.True(IsGood(request, [$"\"content-digest\": {request.Header("content-digest")}", "\"content-encoding\": gzip"]));
    }

    [Fact]
    public async Task Redirect_ToAnotherOrigin_IsNotSigned()
    {
        await using var elsewhere = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var server = LoopbackServer.Answering(request =>
            request.Target == "/"
                ? LoopbackServer.Reply(307, "", "Location: /here\r\n")
                : LoopbackServer.Reply(307, "", $"Location: {elsewhere.Url}/there\r\n")
        );
        await using var flow = TestFlow.Compile(server.Url, """{ "method": "PUT", "body": 1 }""", Signing(""", "followRedirects": true"""));

        await flow.RunAsync();

        Assert.All(
            server.Requests,
            request =>
                Assert.True(
                    IsGood(
                        request,
                        [
                            "\"@method\": PUT",
                            $"\"@target-uri\": {server.Url}{request.Target}",
                            $"\"content-digest\": {request.Header("content-digest")}",
                        ]
                    )
                )
        );
        var there = Assert.Single(elsewhere.Requests);
        Assert.Null(there.Header("signature"));
        Assert.Null(there.Header("signature-input"));
        Assert.Null(there.Header("content-digest"));
    }

    /// <summary>Through a proxy of the operator's the request is the same: it goes through a tunnel.</summary>
    [Fact]
    public async Task TargetUri_BehindAProxy_IsThatOfTheApi()
    {
        var asked = new ConcurrentQueue<string>();
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var proxy = TestProxy.HttpConnect(asked);
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "endpoint": "/a" }""",
            Signing(""", "useStaticIps": true""", "\"@target-uri\", \"@request-target\", \"@authority\""),
            new()
            {
                Egress = new EgressOptions { AllowPrivateNetworks = true, Proxies = [new($"http://127.0.0.1:{proxy.Port}")] },
            }
        );

        await flow.RunAsync();

        Assert.Single(asked);
        var request = Assert.Single(server.Requests);
        Assert.Equal("/a", request.Target);
        Assert.True(
            IsGood(request, [$"\"@target-uri\": {server.Url}/a", "\"@request-target\": /a", $"\"@authority\": 127.0.0.1:{server.Port}"])
        );
    }

    [Fact]
    public async Task Component_ThatTheRequestLacks_EndsTheCallBeforeAnythingIsSent()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "headers": { "x-tier": { "value": "{{client.tier}}", "whenMissing": "omit" } } }""",
            Signing(components: "\"@method\", \"x-tier\"")
        );

        (await flow.RunAsync()).AssertExecutionError("http.signature");
        Assert.Empty(server.Requests);
        Assert.Equal("Success", (await flow.RunAsync("""{ "tier": "gold" }""")).EndName);
    }

    [Fact]
    public async Task ReferenceNames_SignTheSame()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            "{}",
            $$"""
            { "rfc9421SigningEnabled": true, "rfc9421PrivateKey": "{{Shared}}", "rfc9421KeyId": "k",
              "rfc9421Components": "@method, @path", "rfc9421SignatureTTL": 60 }
            """
        );

        await flow.RunAsync();

        var request = Assert.Single(server.Requests);
        Assert.True(IsGood(request, ["\"@method\": GET", "\"@path\": /"]));
        Assert.Equal(
            60,
            long.Parse(Parameter(request, "expires"), CultureInfo.InvariantCulture)
                - long.Parse(Parameter(request, "created"), CultureInfo.InvariantCulture)
        );
    }

    [Fact]
    public async Task ReferenceNames_WithoutTheSwitch_SignNothing()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(server.Url, "{}", """{ "rfc9421KeyId": "k", "rfc9421PrivateKey": "no key at all" }""");

        await flow.RunAsync();

        Assert.Null(Assert.Single(server.Requests).Header("signature"));
    }

    [Theory]
    [InlineData("""{ "key": "env:NONE" }""", "flow.required", "keyId")]
    [InlineData("""{ "keyId": "k" }""", "flow.required", "key")]
    [InlineData("""{ "keyId": "k", "key": "short" }""", "http.signature", "at least 14 bytes")]
    [InlineData("""{ "keyId": "ké", "key": "env:NONE" }""", "http.signature", "ASCII")]
    [InlineData("""{ "keyId": "k", "key": "env:NONE", "label": "Sig" }""", "http.signature", "label")]
    [InlineData("""{ "keyId": "k", "key": "env:NONE", "algorithm": "none" }""", "flow.value", "none")]
    [InlineData("""{ "keyId": "k", "key": "env:NONE", "ttl": 0 }""", "flow.range", "ttl")]
    [InlineData("""{ "keyId": "k", "key": "env:NONE", "components": [] }""", "http.signature", "covers nothing")]
    [InlineData("""{ "keyId": "k", "key": "env:NONE", "components": ["@status"] }""", "http.signature", "@status")]
    [InlineData("""{ "keyId": "k", "key": "env:NONE", "components": ["@query-param"] }""", "http.signature", "@query-param")]
    [InlineData("""{ "keyId": "k", "key": "env:NONE", "components": ["@method;x"] }""", "http.signature", "parameters")]
    [InlineData("""{ "keyId": "k", "key": "env:NONE", "components": ["@method;req"] }""", "http.signature", "signatures of responses")]
    [InlineData("""{ "keyId": "k", "key": "env:NONE", "components": ["x-a;req"] }""", "http.signature", "signatures of responses")]
    [InlineData("""{ "keyId": "k", "key": "env:NONE", "components": ["x-a;tr"] }""", "http.signature", "without trailers")]
    [InlineData("""{ "keyId": "k", "key": "env:NONE", "components": ["x-a;sf;bs"] }""", "http.signature", "use one of them")]
    [InlineData("""{ "keyId": "k", "key": "env:NONE", "components": ["x-a;key=\"a\";bs"] }""", "http.signature", "use one of them")]
    [InlineData("""{ "keyId": "k", "key": "env:NONE", "components": ["x-a;key=\"A\""] }""", "http.signature", "are known")]
    [InlineData("""{ "keyId": "k", "key": "env:NONE", "components": ["x-a;sf;sf"] }""", "http.signature", "a parameter twice")]
    [InlineData("""{ "keyId": "k", "key": "env:NONE", "components": ["x-a;charset"] }""", "http.signature", "bs")]
    [InlineData("""{ "keyId": "k", "key": "env:NONE", "components": ["a b"] }""", "http.signature", "a b")]
    [InlineData("""{ "keyId": "k", "key": "env:NONE", "components": ["traceparent"] }""", "http.signature", "after the signature")]
    [InlineData("""{ "keyId": "k", "key": "env:NONE", "components": ["signature"] }""", "http.signature", "after the signature")]
    [InlineData("""{ "keyId": "k", "key": "env:NONE", "components": ["X-A", "\"x-a\""] }""", "http.signature", "twice")]
    public async Task Settings_ThatCannotSign_AreRefused(string settings, string code, string word)
    {
        await using var flow = TestFlow.Compile("http://127.0.0.1:1", "{}", $$"""{ "messageSignature": {{settings}} }""");

        var problem = Assert.Single(flow.Result.Diagnostics, problem => problem.Code == code);
        Assert.Contains(word, problem.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", """, "headers": [ { "key": "Signature", "value": "x" } ]""", "http.signature")]
    [InlineData("""{ "headers": { "signature-input": "x" } }""", "", "http.signature")]
    [InlineData("""{ "headers": { "content-digest": "{{client.v}}" } }""", "", "http.signature")]
    [InlineData("""{ "headers": { "x-descope-signature-template": "METHOD,HEADER_signature" } }""", "", "http.signature_template")]
    [InlineData("{}", """, "rfc9421SigningEnabled": true, "rfc9421KeyId": "k", "rfc9421PrivateKey": "env:NONE" """, "http.signature")]
    public async Task Headers_OfTheSignatureItself_AreRefused(string activity, string more, string code)
    {
        await using var flow = TestFlow.Compile("http://127.0.0.1:1", activity, Signing(more));

        Assert.Contains(code, flow.Codes);
    }

    [Fact]
    public async Task Key_ThatIsNoneWhenItIsRead_EndsTheCall()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            file,
            "-----BEGIN PRIVATE KEY-----\nQUFBQQ==\n-----END PRIVATE KEY-----\n",
            TestContext.Current.CancellationToken
        );
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            "{}",
            $$"""{ "messageSignature": { "keyId": "k", "key": {{FlowValue.From("file:" + file).ToJson()}} } }"""
        );

        var run = await flow.RunAsync();
        run.AssertExecutionError("http.signature");
        Assert.DoesNotContain("QUFBQQ", flow.Trace(run), StringComparison.Ordinal);
        Assert.Empty(server.Requests);

        await File.WriteAllTextAsync(file, SigningKeyVectors.P256, TestContext.Current.CancellationToken);
        Assert.Equal("Success", (await flow.RunAsync()).EndName);
        File.Delete(file);
    }

    /// <summary>What a receiver has to come to, line by line, with what verifies it; secrets in it are masked.</summary>
    [Fact]
    public async Task Test_ShowsTheBaseLineByLine()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            "{}",
            $$"""
            { "messageSignature": { "keyId": "k", "key": {{FlowValue.From(SigningKeyVectors.Ed25519).ToJson()}}, "label": "ours",
                "components": [ "@method", "authorization", "content-digest" ] },
              "authentication": { "method": "bearerToken", "bearerToken": "bearer-secret" } }
            """
        );
        var connector = flow.Connectors.Find("api", out _)!;

        var result = await connector.TestAsync(FlowValue.Parse("{}"), TestContext.Current.CancellationToken);

        var signature = result.Get("messageSignature");
        var request = Assert.Single(server.Requests);
        Assert.Equal(
            (request.Header("signature-input"), request.Header("signature"), "ed25519"),
            (signature.Get("input").ToText(), $"ours=:{signature.Get("value").ToText()}:", signature.Get("algorithm").ToText())
        );
        Assert.True(signature.Get("base").TryGetArray(out var lines));
        Assert.Equal(
            [
                "\"@method\": GET",
                "\"authorization\": ***",
                $"\"content-digest\": {MessageSigner.DigestOf(default)}",
                $"\"@signature-params\": {request.Header("signature-input")!["ours=".Length..]}",
            ],
            lines.Select(line => line.ToText())
        );
        Assert.Contains(
            "MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=",
            signature.Get("publicKey").ToText(),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("bearer-secret", result.ToJson(), StringComparison.Ordinal);
        Assert.DoesNotContain("MC4CAQAw", result.ToJson(), StringComparison.Ordinal);
    }

    /// <summary>A call that is delivered later is signed when it is delivered.</summary>
    [Fact]
    public async Task DurableCall_IsSignedWhenItIsDelivered()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(server.Url, """{ "method": "POST", "body": 1, "async": "durable" }""", Signing());
        var run = await flow.RunAsync(services: RunServices.Default with { QueueCall = _ => null });

        var call = Assert.Single(run.TakeQueuedCalls());
        Assert.DoesNotContain("signature-input", Encoding.UTF8.GetString(call.Content), StringComparison.Ordinal);
        await flow.Connectors.Find("api", out _)!.DeliverAsync(call.Content, TestContext.Current.CancellationToken);

        var request = Assert.Single(server.Requests);
        Assert.True(
            IsGood(
                request,
                ["\"@method\": POST", $"\"@target-uri\": {server.Url}/", $"\"content-digest\": {request.Header("content-digest")}"]
            )
        );
    }

    private static string Parameter(ReceivedRequest request, string name) =>
        Regex.Match(request.Header("signature-input")!, $";{name}=\"?([^;\"]*)").Groups[1].Value;

    /// <summary>Verifies by hand: HMAC-SHA256 over these lines and the parameters.</summary>
    private static bool IsGood(ReceivedRequest request, string[] lines)
    {
        var parameters = request.Header("signature-input")!["sig1=".Length..];
        var text = string.Join('\n', [.. lines, $"\"@signature-params\": {parameters}"]);
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Shared), Encoding.ASCII.GetBytes(text));
        return request.Header("signature") == $"sig1=:{Convert.ToBase64String(signature)}:";
    }
}
