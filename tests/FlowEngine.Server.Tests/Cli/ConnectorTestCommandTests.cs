using System.Security.Cryptography;
using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Cli;

public sealed class ConnectorTestCommandTests
{
    [Fact]
    public async Task ConnectorTest_Http_ShowsRequestAnswerContextAndTimings()
    {
        using var workspace = new Workspace();
        var context = workspace.Write("context.json", """{ "form": { "user": "a da" } }""");

        var test = await FlowEngineCommand.RunAsync(
            "connector",
            "test",
            "orders-api",
            "--connectors",
            "flows/connectors",
            "--demo",
            "--endpoint",
            "/orders?user={{form.user}}",
            "--header",
            "x-note=hello",
            "--context",
            context,
            "--format",
            "json"
        );

        Assert.Equal(0, test.ExitCode);
        Assert.EndsWith("/demo/orders?user=a%20da", test.At("request/url").ToText(), StringComparison.Ordinal);
        Assert.Equal("hello", test.At("request/headers/x-note").ToText());
        Assert.Equal("***", test.At("request/headers/authorization").ToText());
        Assert.Equal("200", test.At("response/statusCode").ToText());
        Assert.Equal("a da", test.At("context/body/user").ToText());
        Assert.False(test.At("timings/totalMs").IsNothing);
        Assert.DoesNotContain("demo-client-secret", test.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConnectorTest_Body_IsSentAndSigned()
    {
        var test = await FlowEngineCommand.RunAsync(
            "connector",
            "test",
            "events-api",
            "--connectors",
            "flows/connectors",
            "--demo",
            "--method",
            "POST",
            "--endpoint",
            "/echo",
            "--body",
            """{"a":1}""",
            "--format",
            "json"
        );

        Assert.Equal("""{"a":1}""", test.At("signature/signedText").ToText());
        Assert.Equal("""{"a":1}""", test.At("context/body/body").ToJson());
    }

    /// <summary>Nothing is sent: not even the secrets' variables have to be there.</summary>
    [Fact]
    public async Task ConnectorTest_Curl_PrintsTheCallWithVariables()
    {
        using var workspace = new Workspace();
        workspace.Write(
            "c/api.connector.json",
            """
            { "id": "api", "type": "http", "configuration": { "baseUrl": "https://never.asked.example/v2",
                "authentication": { "method": "bearerToken", "bearerToken": "literal-secret-1" }, "clientCertificate": "file:/run/c.pem",
                "clientKey": "file:/run/k.pem", "clientKeyPassphrase": "env:NOT_SET_HERE", "caCertificates": "file:/run/ca.pem" } }
            """
        );

        var test = await FlowEngineCommand.RunAsync(
            "connector",
            "test",
            "api",
            "--connectors",
            Path.Combine(workspace.Folder, "c"),
            "--method",
            "POST",
            "--endpoint",
            "/users?x=1",
            "--body",
            """{"name":"O'Hara"}""",
            "--curl"
        );

        Assert.Equal(0, test.ExitCode);
        Assert.Contains("curl -X POST 'https://never.asked.example/v2/users?x=1' \\", test.Output, StringComparison.Ordinal);
        foreach (
            var option in (string[])
                [
                    "--cert '/run/c.pem'",
                    "--key '/run/k.pem'",
                    "--pass \"${NOT_SET_HERE}\"",
                    "--cacert '/run/ca.pem'",
                    "-H \"authorization: Bearer ${BEARER_TOKEN}\"",
                    """--data-raw '{"name":"O'\''Hara"}'""",
                ]
        )
            Assert.Contains($"  {option}", test.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("literal-secret-1", test.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConnectorTest_Received_NamesTheKeyAndTheFirstByteThatDiffers()
    {
        using var workspace = new Workspace();
        workspace.Write(
            "c/api.connector.json",
            """
            { "id": "api", "type": "http", "configuration": { "baseUrl": "https://api.example", "hmacSecret": "hmac-secret-1",
                "headers": [ { "key": "x-descope-signature-template", "value": "METHOD,BODY" } ] } }
            """
        );
        // HMAC-SHA256 of POST{"a":1}
        var signature = Convert.ToBase64String(HMACSHA256.HashData("hmac-secret-1"u8, "POST{\"a\":1}"u8));
        var received = workspace.Write(
            "received.txt",
            $"POST /users HTTP/1.1\r\nhost: api.example\r\nx-descope-webhook-s256: {signature}\r\n\r\n{{ \"a\": 1 }}"
        );

        var test = await FlowEngineCommand.RunAsync(
            "connector",
            "test",
            "api",
            "--connectors",
            Path.Combine(workspace.Folder, "c"),
            "--received",
            received
        );
        var missing = await FlowEngineCommand.RunAsync(
            "connector",
            "test",
            "api",
            "--connectors",
            Path.Combine(workspace.Folder, "c"),
            "--received",
            received + ".none"
        );

        Assert.Equal(1, test.ExitCode);
        Assert.Contains("HMAC: the key 1 signed it, but it is not what was signed.", test.Output, StringComparison.Ordinal);
        Assert.Contains("in line 1, at byte 6 (BODY).", test.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hmac-secret-1", test.Output, StringComparison.Ordinal);
        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("flow.file", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConnectorTest_Database_ReportsTheServer()
    {
        var test = await FlowEngineCommand.RunAsync(
            "connector",
            "test",
            "users-db",
            "--connectors",
            "flows/connectors",
            "--demo",
            "--format",
            "json"
        );

        Assert.True(test.ExitCode == 0, test.Output + test.Error);
        Assert.Contains("SQLite", test.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task ConnectorTest_UnknownId_NamesTheKnownOnes()
    {
        var test = await FlowEngineCommand.RunAsync("connector", "test", "nope", "--connectors", "flows/connectors");

        Assert.Equal(1, test.ExitCode);
        Assert.Contains("flow.unknown_connector", test.Error, StringComparison.Ordinal);
        Assert.Contains("orders-api", test.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConnectorTest_AsText_IsForPeople()
    {
        var http = await FlowEngineCommand.RunAsync(
            "connector",
            "test",
            "orders-api",
            "--connectors",
            "flows/connectors",
            "--demo",
            "--endpoint",
            "/orders?user=ada"
        );
        var sql = await FlowEngineCommand.RunAsync("connector", "test", "users-db", "--connectors", "flows/connectors", "--demo");

        Assert.Equal((0, 0), (http.ExitCode, sql.ExitCode));
        Assert.Matches(
            @"\APOST http://127\.0\.0\.1:\d+/demo/\S+ for a token: \d+\.\d ms\nGET http://127\.0\.0\.1:\d+/demo/orders\?user=ada\n    host: ",
            http.Output
        );
        Assert.Matches(@"\n200, in \d+\.\d ms \(.*first byte \d+\.\d ms\)\n", http.Output);
        Assert.Contains("    authorization: ***\n", http.Output, StringComparison.Ordinal);
        Assert.Contains("The context would hold", http.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("demo-client-secret", http.Output, StringComparison.Ordinal);
        Assert.Matches(@"\AConnected: sqlite 3\.\S+, in \d+\.\d ms\.\n\z", sql.Output);
    }

    [Fact]
    public async Task ConnectorTest_OfAPrivateAddress_NamesTheSwitch()
    {
        var test = await FlowEngineCommand.RunAsync(
            "connector",
            "test",
            "profile-api",
            "--connectors",
            "flows/connectors",
            "--endpoint",
            "/users/ada"
        );

        Assert.Equal(1, test.ExitCode);
        Assert.Contains("error http.blocked: ", test.Output, StringComparison.Ordinal);
        Assert.Contains("--set Egress:AllowPrivateNetworks=true", test.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConnectorTest_Failure_ExitsWith1()
    {
        var test = await FlowEngineCommand.RunAsync(
            "connector",
            "test",
            "profile-api",
            "--connectors",
            "flows/connectors",
            "--endpoint",
            "/users/ada",
            "--format",
            "json"
        );

        Assert.Equal(1, test.ExitCode);
        Assert.Equal("http.blocked", test.At("error/code").ToText());
    }
}
