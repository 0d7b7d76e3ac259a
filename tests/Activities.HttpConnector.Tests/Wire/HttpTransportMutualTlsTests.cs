using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using FlowEngine.Context;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;
using FlowEngine.HttpConnector.Wire.Egress;

namespace FlowEngine.HttpConnector.Tests.Wire;

/// <summary>Connectors that show a certificate, trust authorities of their own, or ask for another name.</summary>
public sealed class HttpTransportMutualTlsTests
{
    private static readonly TestIdentities Own = TestIdentities.Own;

    private static string Settings(TestIdentity? identity, string more = "", string? authority = null) =>
        $$"""
            { "caCertificates": {{Json(authority ?? Own.RootPem + "\n" + Own.BetweenPem)}}
              {{(
                identity is null
                    ? ""
                    : $""", "clientCertificate": {Json(identity.CertificatePem + "\n" + Own.BetweenPem)}, "clientKey": {Json(identity.KeyPem)}"""
            )}} {{more}} }
            """;

    private static string Json(string text) => FlowValue.From(text).ToJson();

    /// <summary>A server that writes down which certificates it was shown.</summary>
    private static LoopbackServer Server(ConcurrentQueue<string> shown, TestIdentity? identity = null)
    {
        var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200), (identity ?? Own.Server).Certificate);
        server.TakesClient = certificate =>
        {
            shown.Enqueue(certificate?.Subject ?? "");
            return true;
        };
        return server;
    }

    [Fact]
    public async Task Identity_IsShown()
    {
        var shown = new ConcurrentQueue<string>();
        await using var server = Server(shown);
        await using var flow = TestFlow.Compile(server.Url, "{}", Settings(Own.Client));

        Assert.Equal("Success", (await flow.RunAsync()).EndName);
        Assert.Equal(["CN=client-1"], shown);
    }

    [Fact]
    public async Task EncryptedKey_IsOpened()
    {
        var shown = new ConcurrentQueue<string>();
        await using var server = Server(shown);
        await using var flow = TestFlow.Compile(
            server.Url,
            "{}",
            $$"""
            { "caCertificates": {{Json(Own.RootPem + Own.BetweenPem)}}, "clientCertificate": {{Json(Own.Client.CertificatePem)}},
              "clientKey": {{Json(Own.Client.EncryptedKeyPem)}}, "clientKeyPassphrase": "{{TestIdentities.Passphrase}}" }
            """
        );

        Assert.Equal("Success", (await flow.RunAsync()).EndName);
        Assert.Equal(["CN=client-1"], shown);
    }

    /// <summary>They alone are trusted: an authority that the whole system trusts is not among them.</summary>
    [Fact]
    public async Task Authorities_AreTrustedAndNoOthers()
    {
        await using var ours = LoopbackServer.Answering(_ => LoopbackServer.Reply(200), Own.Server.Certificate);
        await using var known = LoopbackServer.Answering(_ => LoopbackServer.Reply(200), TestCertificates.Good);
        await using var withOurs = TestFlow.Compile(ours.Url, "{}", Settings(null));
        await using var toKnown = TestFlow.Compile(known.Url, "{}", Settings(null));
        await using var withoutOurs = TestFlow.Compile(ours.Url);

        Assert.Equal("Success", (await withOurs.RunAsync()).EndName);
        var refused = await toKnown.RunAsync();
        refused.AssertExecutionError("http.tls");
        Assert.Contains("caCertificates", refused.Error().Get("message").ToText(), StringComparison.Ordinal);
        (await withoutOurs.RunAsync()).AssertExecutionError("http.tls");
    }

    [Fact]
    public async Task ServerName_IsAskedForAndChecked()
    {
        var shown = new ConcurrentQueue<string>();
        await using var server = Server(shown, Own.OtherServer);
        await using var wrong = TestFlow.Compile(server.Url, "{}", Settings(Own.Client));
        await using var flow = TestFlow.Compile(
            server.Url + "/v1",
            """{ "method": "POST", "endpoint": "/%41?x=%42", "body": 1 }""",
            Settings(Own.Client, """, "serverName": "api.internal.example" """)
        );

        var refused = await wrong.RunAsync();
        refused.AssertExecutionError("http.tls");
        Assert.Contains("serverName", refused.Error().Get("message").ToText(), StringComparison.Ordinal);

        Assert.Equal("Success", (await flow.RunAsync()).EndName);
        Assert.Equal("Success", (await flow.RunAsync()).EndName);
        Assert.Equal("api.internal.example", server.Names.Last());
        Assert.Equal(2, server.Requests.Count);
        var request = server.Requests.First();
        Assert.Equal(($"localhost:{server.Port}", "/v1/%41?x=%42"), (request.Header("host"), request.Target));
        // One for what was refused, one for both calls.
        Assert.Equal(2, server.Connections);
        Assert.Equal("CN=client-1", shown.Last());
    }

    [Fact]
    public async Task ServerName_OfAnotherCertificate_IsRefused()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200), Own.Server.Certificate);
        await using var flow = TestFlow.Compile(server.Url, "{}", Settings(null, """, "serverName": "api.internal.example" """));

        (await flow.RunAsync()).AssertExecutionError("http.tls");
        Assert.Empty(server.Requests);
    }

    /// <summary>Through a proxy of the operator's, it is the API that is shown the certificate.</summary>
    [Fact]
    public async Task Identity_ThroughAProxy_IsShownToTheApi()
    {
        var (shown, asked) = (new ConcurrentQueue<string>(), new ConcurrentQueue<string>());
        await using var server = Server(shown);
        await using var proxy = TestProxy.HttpConnect(asked);
        await using var flow = TestFlow.Compile(
            server.Url,
            "{}",
            Settings(Own.Client, """, "useStaticIps": true"""),
            new()
            {
                Egress = new EgressOptions { AllowPrivateNetworks = true, Proxies = [new($"http://127.0.0.1:{proxy.Port}")] },
            }
        );

        Assert.Equal("Success", (await flow.RunAsync()).EndName);
        Assert.Equal(["CN=client-1"], shown);
        Assert.Single(asked);
    }

    /// <summary>Each static address has connections of its own, and each shows the certificate.</summary>
    [Fact]
    public async Task Identity_FromStaticAddresses_IsShownToTheApi()
    {
        var shown = new ConcurrentQueue<string>();
        await using var server = Server(shown);
        await using var flow = TestFlow.Compile(
            server.Url,
            "{}",
            Settings(Own.Client, """, "useStaticIps": true"""),
            new()
            {
                Egress = new EgressOptions
                {
                    AllowPrivateNetworks = true,
                    StaticIps = [System.Net.IPAddress.Parse("127.0.0.2"), System.Net.IPAddress.Parse("127.0.0.3")],
                },
            }
        );

        for (var i = 0; i < 4; i++)
            Assert.Equal("Success", (await flow.RunAsync()).EndName);

        Assert.Equal(["CN=client-1", "CN=client-1"], shown);
        Assert.Equal(["127.0.0.2", "127.0.0.3", "127.0.0.2", "127.0.0.3"], server.Requests.Select(request => request.From.ToString()));
    }

    [Fact]
    public async Task Identity_IsNotShownToWhereARedirectLeads()
    {
        var (shown, elsewhere) = (new ConcurrentQueue<string>(), new ConcurrentQueue<string>());
        await using var other = Server(elsewhere);
        await using var server = LoopbackServer.Answering(
            request =>
                request.Target == "/"
                    ? LoopbackServer.Reply(307, "", "Location: /here\r\n")
                    : LoopbackServer.Reply(307, "", $"Location: {other.Url}/\r\n"),
            Own.Server.Certificate
        );
        server.TakesClient = certificate =>
        {
            shown.Enqueue(certificate?.Subject ?? "");
            return true;
        };
        await using var flow = TestFlow.Compile(server.Url, "{}", Settings(Own.Client, """, "followRedirects": true"""));

        Assert.Equal("Success", (await flow.RunAsync()).EndName);
        Assert.Equal(["CN=client-1"], shown);
        Assert.Equal([""], elsewhere);
    }

    [Fact]
    public async Task Connections_AreNeverSharedBetweenIdentities()
    {
        var shown = new ConcurrentQueue<string>();
        await using var server = Server(shown);
        await using var first = TestFlow.Compile(server.Url, "{}", Settings(Own.Client));
        await using var second = TestFlow.Compile(server.Url, "{}", Settings(Own.NextClient));
        await using var nobody = TestFlow.Compile(server.Url, "{}", Settings(null));

        foreach (var flow in (TestFlow[])[first, second, nobody, first, second, nobody])
            Assert.Equal("Success", (await flow.RunAsync()).EndName);

        // A session that is resumed would show nothing: each new connection is a whole handshake.
        Assert.Equal(["CN=client-1", "CN=client-2", ""], shown);
        Assert.Equal(3, server.Connections);
    }

    [Fact]
    public async Task Calls_OverOneIdentity_UseAHandfulOfConnections()
    {
        var shown = new ConcurrentQueue<string>();
        await using var server = Server(shown);
        await using var flow = TestFlow.Compile(server.Url, "{}", Settings(Own.Client));

        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(async _ =>
                {
                    for (var i = 0; i < 125; i++)
                        Assert.Equal("Success", (await flow.RunAsync()).EndName);
                })
        );

        Assert.Equal(1_000, server.Requests.Count);
        // Eight at once, and a few that were opened while another became free.
        Assert.InRange(server.Connections, 1, 16);
    }

    /// <summary>Nobody notices: no call fails, and the next ones show the new certificate.</summary>
    [Fact]
    public async Task File_ReplacedUnderLoad_FailsNoCallAndIsUsedSoon()
    {
        var folder = Directory.CreateTempSubdirectory();
        var (certificate, key) = (Path.Combine(folder.FullName, "c.pem"), Path.Combine(folder.FullName, "k.pem"));
        await File.WriteAllTextAsync(certificate, Own.Client.CertificatePem, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(key, Own.Client.KeyPem, TestContext.Current.CancellationToken);
        var (shown, ends) = (new ConcurrentQueue<string>(), new ConcurrentBag<string?>());
        await using var server = Server(shown);
        await using var flow = TestFlow.Compile(
            server.Url,
            "{}",
            $$"""
            { "caCertificates": {{Json(Own.RootPem + Own.BetweenPem)}}, "clientCertificate": {{Json("file:" + certificate)}},
              "clientKey": {{Json("file:" + key)}} }
            """
        );
        await flow.RunAsync();
        var started = TimeProvider.System.GetTimestamp();
        TimeSpan? replaced = null;

        await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(async worker =>
                {
                    while (!shown.Contains("CN=client-2") && TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(60))
                    {
                        ends.Add((await flow.RunAsync()).EndName);
                        if (worker == 0 && ends.Count > 20 && replaced is null)
                        {
                            await File.WriteAllTextAsync(certificate, Own.NextClient.CertificatePem, TestContext.Current.CancellationToken);
                            await File.WriteAllTextAsync(key, Own.NextClient.KeyPem, TestContext.Current.CancellationToken);
                            replaced = TimeProvider.System.GetElapsedTime(started);
                        }
                    }
                })
        );

        Assert.All(ends, end => Assert.Equal("Success", end));
        Assert.Equal("CN=client-2", shown.Last());
        Assert.InRange(TimeProvider.System.GetElapsedTime(started) - replaced!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        folder.Delete(recursive: true);
    }

    /// <summary>What was seen, whether it was trusted or not, and a warning of what ends soon.</summary>
    [Fact]
    public async Task Test_ShowsTheChainAndWhatIsTrusted()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200), Own.Server.Certificate);
        await using var trusting = TestFlow.Compile(server.Url, "{}", Settings(Own.ExpiredClient));
        await using var strange = TestFlow.Compile(server.Url);

        var result = await trusting.Connectors.Find("api", out _)!.TestAsync(FlowValue.Parse("{}"), TestContext.Current.CancellationToken);

        var tls = result.Get("tls");
        Assert.Equal(("caCertificates", "[]"), (tls.Get("trusts").ToText(), tls.Get("problems").ToJson()));
        Assert.True(tls.Get("chain").TryGetArray(out var chain));
        Assert.Equal(["CN=localhost", "CN=Between", "CN=Root of tests"], chain.Select(one => one.Get("subject").ToText()));
        Assert.Equal(("CN=Between", "29"), (chain[0].Get("issuer").ToText(), chain[0].Get("daysLeft").ToText()));
        Assert.Equal(("CN=client-old", "-2"), (tls.Get("client").Get("subject").ToText(), tls.Get("client").Get("daysLeft").ToText()));
        Assert.True(result.Get("problems").TryGetArray(out var problems));
        Assert.Equal(
            ["/configuration/clientCertificate", "/configuration/baseUrl"],
            problems.Where(one => one.Get("code").ToText() == "http.certificate_ends").Select(one => one.Get("pointer").ToText())
        );

        var refused = await strange.Connectors.Find("api", out _)!.TestAsync(FlowValue.Parse("{}"), TestContext.Current.CancellationToken);
        Assert.Equal("http.tls", refused.Get("error").Get("code").ToText());
        Assert.Equal("system", refused.Get("tls").Get("trusts").ToText());
        Assert.Contains("RemoteCertificateChainErrors", refused.Get("tls").Get("problems").ToJson(), StringComparison.Ordinal);
    }

    /// <summary>From 30 days on, where the connector is checked, and at the activities that use it.</summary>
    [Fact]
    public async Task Certificate_ThatEndsSoon_IsWarnedOfWhereverItIsChecked()
    {
        await using var soon = TestFlow.Compile("https://localhost:1", "{}", Settings(Own.Client));
        await using var later = TestFlow.Compile("https://localhost:1", "{}", Settings(Own.NextClient));
        var folder = Directory.CreateTempSubdirectory();
        var (certificate, key) = (Path.Combine(folder.FullName, "c.pem"), Path.Combine(folder.FullName, "k.pem"));
        await File.WriteAllTextAsync(certificate, Own.ExpiredClient.CertificatePem, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(key, Own.ExpiredClient.KeyPem, TestContext.Current.CancellationToken);
        await using var files = TestFlow.Compile(
            "https://localhost:1",
            "{}",
            $$"""{ "clientCertificate": {{Json($"file:{certificate}")}}, "clientKey": {{Json($"file:{key}")}} }"""
        );
        await using var missing = TestFlow.Compile(
            "https://localhost:1",
            "{}",
            """{ "clientCertificate": "file:/none/c.pem", "clientKey": "file:/none/k.pem" }"""
        );

        var warnings = soon.Result.Diagnostics.Where(problem => problem.Code == "http.certificate_ends").ToList();
        Assert.Equal(
            ["/configuration/clientCertificate", "/activities/0/connector"],
            warnings.Select(problem => problem.Pointer).Order().Reverse()
        );
        Assert.All(warnings, problem => Assert.Contains("in 29 days", problem.Message, StringComparison.Ordinal));
        Assert.All(warnings, problem => Assert.Equal(FlowEngine.Errors.Severity.Warning, problem.Severity));
        Assert.DoesNotContain("http.certificate_ends", later.Codes);
        // A file is read where the flow is compiled, and not where whoever may change a connector could have it read.
        var ended = Assert.Single(files.Result.Diagnostics, problem => problem.Code == "http.certificate_ends");
        Assert.Equal("/activities/0/connector", ended.Pointer);
        Assert.Contains("ended on", ended.Message, StringComparison.Ordinal);
        Assert.Empty(missing.Codes);
        Assert.Equal(
            (true, false, null),
            (
                files.Connectors.Find("api", out _)!.CertificateEnds < TimeProvider.System.GetUtcNow(),
                later.Connectors.Find("api", out _)!.CertificateEnds < TimeProvider.System.GetUtcNow(),
                missing.Connectors.Find("api", out _)!.CertificateEnds
            )
        );
        folder.Delete(recursive: true);
    }

    public static TheoryData<string, string, string> Refused =>
        new()
        {
            { $$"""{ "clientCertificate": {{Json(Own.Client.CertificatePem)}} }""", "/configuration/clientCertificate", "without its key" },
            { """{ "clientKey": "env:KEY" }""", "/configuration/clientKey", "without its certificate" },
            { """{ "clientKeyPassphrase": "env:PASS" }""", "/configuration/clientKeyPassphrase", "without a key" },
            {
                $$"""{ "clientCertificate": {{Json(Own.Client.CertificatePem)}}, "clientKey": {{Json(Own.NextClient.KeyPem)}} }""",
                "/configuration/clientKey",
                "does not belong"
            },
            { """{ "caCertificates": "none" }""", "/configuration/caCertificates", "no certificate" },
            {
                $$"""{ "caCertificates": {{Json(Own.RootPem)}}, "insecure": true }""",
                "/configuration/caCertificates",
                "any certificate at all"
            },
            { """{ "serverName": "https://x" }""", "/configuration/serverName", "no name of a host" },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Settings_ThatCannotBeUsed_AreRefusedAtSave(string connector, string pointer, string word)
    {
        await using var flow = TestFlow.Compile("https://localhost:1", "{}", connector);

        var problem = Assert.Single(flow.Result.Diagnostics, problem => problem.Code == "http.tls_settings");
        Assert.Equal(pointer, problem.Pointer);
        Assert.Contains(word, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_OfTlsWithoutHttps_AreRefused()
    {
        await using var flow = TestFlow.Compile("http://localhost:1", "{}", """{ "serverName": "x.example" }""");

        Assert.Contains("http.tls_settings", flow.Codes);
    }

    /// <summary>The key in no output, in whichever layout it comes back.</summary>
    [Fact]
    public async Task Key_EchoedByTheApi_IsMasked()
    {
        var content = string.Concat(Own.Client.KeyPem.Split('\n').Where(line => !line.StartsWith('-')));
        await using var server = LoopbackServer.Answering(
            _ => LoopbackServer.Reply(200, $"{Own.Client.KeyPem} {content}"),
            Own.Server.Certificate
        );
        await using var flow = TestFlow.Compile(server.Url, "{}", Settings(Own.Client));

        var run = await flow.RunAsync();

        Assert.DoesNotContain(content[..40], flow.Trace(run), StringComparison.Ordinal);
        Assert.DoesNotContain(content[60..100], flow.Trace(run), StringComparison.Ordinal);
    }
}
