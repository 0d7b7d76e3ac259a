using System.Diagnostics;
using FlowEngine.Context;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;
using static FlowEngine.HttpConnector.Tests.Servers.TestIdentities;

namespace FlowEngine.HttpConnector.Tests.Testing;

/// <summary>A request as a cURL command: nothing is sent, and no secret stands in it.</summary>
public sealed class CurlTextTests
{
    [Theory]
    [InlineData("""{ "method": "bearerToken", "bearerToken": "the-secret" }""", "-H \"authorization: Bearer ${BEARER_TOKEN}\"")]
    [InlineData("""{ "method": "bearerToken", "bearerToken": "env:MY_TOKEN" }""", "-H \"authorization: Bearer ${MY_TOKEN}\"")]
    [InlineData("""{ "method": "basic", "basic": { "username": "a$b", "password": "the-secret" } }""", "--user \"a\\$b:${PASSWORD}\"")]
    [InlineData("""{ "method": "apiKey", "apiKey": { "key": "x-key", "token": "file:/none/x" } }""", "-H \"x-key: ${TOKEN}\"")]
    [InlineData(
        """
            { "method": "oauth2ClientCredentials",
              "oauth2ClientCredentials": { "clientId": "c", "clientSecret": "the-secret", "authUrl": "http://127.0.0.1:1/token" } }
            """,
        "-H \"authorization: Bearer ${ACCESS_TOKEN}\""
    )]
    public async Task Credentials_AreVariables(string authentication, string option)
    {
        var command = await TellAsync("http://127.0.0.1:1", "{}", $$"""{ "authentication": {{authentication}} }""");

        Assert.Contains(option, command, StringComparison.Ordinal);
        Assert.DoesNotContain("the-secret", command, StringComparison.Ordinal);
        // Each variable is told of, unless the connector itself reads it from there.
        if (!option.Contains("MY_TOKEN", StringComparison.Ordinal))
            Assert.StartsWith("# ", command, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tls_HasCertificateAuthoritiesAndName()
    {
        var command = await TellAsync(
            "https://10.0.0.1:8443/v2",
            """{ "endpoint": "/a" }""",
            $$"""
            { "clientCertificate": {{Json(Own.Client.CertificatePem)}}, "clientKey": {{Json(Own.Client.EncryptedKeyPem)}},
              "clientKeyPassphrase": "{{Passphrase}}", "caCertificates": "file:/etc/ssl/our ca.pem", "serverName": "api.internal.example",
              "followRedirects": true }
            """
        );

        foreach (
            var option in (string[])
                [
                    "curl -X GET 'https://api.internal.example:8443/v2/a'",
                    "--connect-to 'api.internal.example:8443:10.0.0.1:8443'",
                    "--cacert '/etc/ssl/our ca.pem'",
                    "--cert \"${CLIENT_CERTIFICATE_FILE}\"",
                    "--key \"${CLIENT_KEY_FILE}\"",
                    "--pass \"${CLIENT_KEY_PASSPHRASE}\"",
                    "--location --max-redirs 5",
                    "--max-time 10",
                ]
        )
            Assert.Contains(option, command, StringComparison.Ordinal);
        Assert.DoesNotContain(Passphrase, command, StringComparison.Ordinal);
        Assert.DoesNotContain("BEGIN", command, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signatures_AreVariablesWithAWordOfWhatMakesThem()
    {
        var command = await TellAsync(
            "http://127.0.0.1:1",
            """{ "method": "POST", "body": {} }""",
            """
            { "hmacSecret": "hmac-secret-1", "messageSignature": { "keyId": "k", "key": "a shared text of some length" },
              "headers": [ { "key": "x-tenant", "value": "tenant-secret", "secret": true } ] }
            """
        );

        Assert.Contains("-H \"x-descope-webhook-s256: ${HMAC_SIGNATURE}\"", command, StringComparison.Ordinal);
        Assert.Contains("-H \"signature: ${SIGNATURE}\"", command, StringComparison.Ordinal);
        Assert.Contains("-H 'content-digest: sha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:'", command, StringComparison.Ordinal);
        Assert.Contains("-H \"x-tenant: ${", command, StringComparison.Ordinal);
        foreach (var secret in (string[])["hmac-secret-1", "a shared text", "tenant-secret"])
            Assert.DoesNotContain(secret, command, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Aws_IsSignedByCurlItself()
    {
        const string Aws =
            """{ "aws": { "accessKeyId": "AKID", "secretAccessKey": "aws-secret-1", "region": "eu-central-1", "service": "lambda" } }""";

        var command = await TellAsync("http://127.0.0.1:1", "{}", Aws);

        Assert.Contains("--aws-sigv4 'aws:amz:eu-central-1:lambda'", command, StringComparison.Ordinal);
        Assert.Contains("--user \"AKID:${SECRET_ACCESS_KEY}\"", command, StringComparison.Ordinal);
        Assert.DoesNotContain("aws-secret-1", command, StringComparison.Ordinal);
    }

    public static TheoryData<string> Requests =>
        [
            """{ "method": "GET", "endpoint": "/a'b/%20?x=1&y=$HOME", "headers": { "x-a": "it's `so` $1 \\ \"q\"", "x-empty": "" } }""",
            """{ "method": "POST", "endpoint": "/", "body": { "text": "it's\nü $x `y`" } }""",
            """{ "method": "PUT", "endpoint": "/", "bodyType": "form", "body": { "a": "1 2", "b": "&" } }""",
            """{ "method": "PATCH", "endpoint": "/", "bodyType": "text", "body": "@file" }""",
            """{ "method": "HEAD", "endpoint": "/" }""",
            """{ "method": "DELETE", "endpoint": "/" }""",
        ];

    /// <summary>curl itself sends what the connector would have sent.</summary>
    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Command_RunByAShell_SendsTheSameRequest(string request)
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        const string Connector =
            """{ "authentication": { "method": "basic", "basic": { "username": "ada", "password": "env:PASS_1" } } }""";
        Environment.SetEnvironmentVariable("PASS_1", "p$1 'x'");
        await using var flow = TestFlow.Compile(server.Url, "{}", Connector);
        var connector = flow.Connectors.Find("api", out _)!;

        await RunAsync(await TellAsync(server.Url, request, Connector), "p$1 'x'");
        await connector.TestAsync(FlowValue.Parse(request), TestContext.Current.CancellationToken);

        var received = server.Requests.ToArray();
        Assert.Equal(2, received.Length);
        Assert.Equal(
            (received[1].Method, received[1].Target, received[1].Text),
            (received[0].Method, received[0].Target, received[0].Text)
        );
        foreach (var (name, value) in received[1].Headers)
        {
            if (name.ToLowerInvariant() is not ("host" or "accept-encoding" or "idempotency-key" or "content-length" or "traceparent"))
                Assert.Equal(value, received[0].Header(name));
        }
    }

    [Fact]
    public async Task Parts_AreParts()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        var command = await TellAsync(
            server.Url,
            """
            { "method": "POST", "endpoint": "/", "bodyType": "multipart", "parts": [ { "name": "a", "value": "@it's; type=x" },
              { "name": "b", "value": "q\"q", "contentType": "text/x-b" },
              { "name": "photo", "file": "aGk=", "filename": "a b.png", "contentType": "image/png" } ] }
            """
        );

        Assert.Contains("--form-string 'a=@it'\\''s; type=x'", command, StringComparison.Ordinal);
        var folder = Directory.CreateTempSubdirectory();
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "a b.png"), "hi", TestContext.Current.CancellationToken);
        await RunAsync(command, "", folder.FullName);
        folder.Delete(recursive: true);

        var text = Assert.Single(server.Requests).Text;
        Assert.Contains("name=\"a\"\r\n\r\n@it's; type=x\r\n", text, StringComparison.Ordinal);
        Assert.Contains("name=\"b\"\r\nContent-Type: text/x-b\r\n\r\nq\"q\r\n", text, StringComparison.Ordinal);
        Assert.Contains("name=\"photo\"; filename=\"a b.png\"\r\nContent-Type: image/png\r\n\r\nhi\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_IsSent()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));

        Assert.StartsWith("curl -X GET", await TellAsync(server.Url, "{}"), StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    private static string Json(string text) => FlowValue.From(text).ToJson();

    private static async Task<string> TellAsync(string url, string request, string connector = "{}")
    {
        await using var flow = TestFlow.Compile(url, "{}", connector);
        FlowValue.Parse(request).TryGetObject(out var members);
        var result = await flow
            .Connectors.Find("api", out _)!
            .TestAsync(FlowValue.From(members!.With("curl", FlowValue.True)), TestContext.Current.CancellationToken);
        Assert.True(result.Get("ok") == FlowValue.True, result.ToJson());
        return result.Get("curl").ToText();
    }

    private static async Task RunAsync(string command, string password, string? folder = null)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardError = true, RedirectStandardOutput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(command);
        start.Environment["PASS_1"] = password;
        start.WorkingDirectory = folder ?? Path.GetTempPath();
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        if (process.ExitCode == 127)
            Assert.Skip("curl is not installed.");
        Assert.True(process.ExitCode == 0, $"{await errors}{await output}\n{command}");
    }
}
