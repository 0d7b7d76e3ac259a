using System.Globalization;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.HttpConnector.Tests.Authentication.Aws;

/// <summary>Requests of flows that are signed for AWS.</summary>
public sealed class AwsSignerInFlowsTests
{
    private const string Key =
        """ "accessKeyId": "AKID", "secretAccessKey": "aws-secret-key", "region": "eu-central-1", "service": "execute-api" """;

    [Fact]
    public async Task Request_IsSignedLast_WithTheHostAsItIsSent()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "method": "POST", "body": { "a": 1 } }""",
            $$"""{ "aws": { {{Key}}, "sessionToken": "the-session-token" } }"""
        );

        var run = await flow.RunAsync();

        var request = Assert.Single(server.Requests);
        Assert.Equal($"127.0.0.1:{server.Port}", request.Header("host"));
        Assert.Equal("the-session-token", request.Header("x-amz-security-token"));
        Assert.Matches(
            "^AWS4-HMAC-SHA256 Credential=AKID/[0-9]{8}/eu-central-1/execute-api/aws4_request, "
                + "SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature=[0-9a-f]{64}$",
            request.Header("authorization")
        );
        Assert.DoesNotContain("the-session-token", flow.Trace(run), StringComparison.Ordinal);
    }

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
            """{ "retry": { "attempts": 1 }, "timeout": 60 }""",
            $$"""{ "aws": { {{Key}} } }""",
            new() { Egress = Transports.Loopback, Time = time }
        );

        await flow.RunAsync();

        var dates = server.Requests.Select(request => request.Header("x-amz-date")).ToList();
        Assert.Equal(2, dates.Distinct().Count());
        Assert.Equal(2, server.Requests.Select(request => request.Header("authorization")).Distinct().Count());
    }

    /// <summary>One correction from the answer's own date; what comes after has the right time at once.</summary>
    [Fact]
    public async Task Clock_ThatIsWrong_IsCorrectedOnce()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var right = time.GetUtcNow().AddMinutes(20);
        await using var server = LoopbackServer.Answering(request =>
            LoopbackServer.Reply(
                request.Header("x-amz-date") == right.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture) ? 200 : 403,
                "",
                $"Date: {right:R}\r\n"
            )
        );
        await using var flow = TestFlow.Compile(
            server.Url,
            "{}",
            $$"""{ "aws": { {{Key}} } }""",
            new() { Egress = Transports.Loopback, Time = time }
        );

        Assert.Equal("Success", (await flow.RunAsync()).EndName);
        Assert.Equal(2, server.Requests.Count);
        Assert.Equal("Success", (await flow.RunAsync()).EndName);
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task Refusal_ThatIsNotOfTheClock_IsNotRepeated()
    {
        await using var server = LoopbackServer.Answering(_ =>
            LoopbackServer.Reply(403, "", $"Date: {TimeProvider.System.GetUtcNow():R}\r\n")
        );
        await using var flow = TestFlow.Compile(server.Url, "{}", $$"""{ "aws": { {{Key}} } }""");

        Assert.Equal("Generic HTTP Error", (await flow.RunAsync()).EndName);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Redirect_ToAnotherOrigin_IsNotSigned()
    {
        await using var elsewhere = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(307, "", $"Location: {elsewhere.Url}/\r\n"));
        await using var flow = TestFlow.Compile(
            server.Url,
            "{}",
            $$"""{ "followRedirects": true, "aws": { {{Key}}, "sessionToken": "the-session-token" } }"""
        );

        await flow.RunAsync();

        var head = Assert.Single(elsewhere.Requests).Head;
        Assert.DoesNotContain("AWS4", head, StringComparison.Ordinal);
        Assert.DoesNotContain("amz", head, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Role_IsTakenOnceForAllWhoWait()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var sts = Sts(time, TimeSpan.FromHours(1));
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = WithRole(server, sts, time);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => flow.RunAsync()));

        var asked = Assert.Single(sts.Requests);
        Assert.Contains(
            "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fapi",
            asked.Text,
            StringComparison.Ordinal
        );
        Assert.Contains("&ExternalId=ext%201", asked.Text, StringComparison.Ordinal);
        Assert.Contains("/eu-central-1/sts/aws4_request", asked.Header("authorization"), StringComparison.Ordinal);
        Assert.All(
            server.Requests,
            request =>
            {
                Assert.Equal("session-token-1", request.Header("x-amz-security-token"));
                Assert.Contains("Credential=ASIA1/", request.Header("authorization"), StringComparison.Ordinal);
            }
        );

        // Before they end, not after.
        time.Advance(TimeSpan.FromMinutes(59));
        await flow.RunAsync();
        Assert.Equal("session-token-2", server.Requests.Last().Header("x-amz-security-token"));
        Assert.Contains("role-secret-2", flow.Connectors.SecretValues);
    }

    [Fact]
    public async Task Session_ThatEndsInTheMiddleOfACall_IsRenewedOnce()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var sts = Sts(time, TimeSpan.FromHours(1));
        await using var server = LoopbackServer.Answering(request =>
            request.Header("x-amz-security-token") == "session-token-1"
                ? LoopbackServer.Reply(403, "<Error><Code>ExpiredToken</Code></Error>")
                : LoopbackServer.Reply(200)
        );
        await using var flow = WithRole(server, sts, time);

        Assert.Equal("Success", (await flow.RunAsync()).EndName);
        Assert.Equal(2, server.Requests.Count);
        Assert.Equal(2, sts.Requests.Count);
    }

    [Theory]
    [InlineData(
        403,
        "<ErrorResponse><Error><Code>AccessDenied</Code><Message>arn:aws:iam::1:user/x</Message></Error></ErrorResponse>",
        "403 AccessDenied"
    )]
    [InlineData(200, "<AssumeRoleResponse/>", "no credentials")]
    [InlineData(200, "{}", "not in XML")]
    [InlineData(200, "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>", "not in XML")]
    public async Task Role_ThatCannotBeTaken_IsATokenFault(int status, string answer, string word)
    {
        await using var sts = LoopbackServer.Answering(_ => LoopbackServer.Reply(status, answer));
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = WithRole(server, sts, TimeProvider.System);

        var run = await flow.RunAsync();

        run.AssertExecutionError("http.token");
        Assert.Contains(word, run.Error().Get("message").ToText(), StringComparison.Ordinal);
        Assert.DoesNotContain("user/x", run.Error().Get("message").ToText(), StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("""{ "accessKeyId": "A", "secretAccessKey": "env:S", "region": "EU", "service": "s3" }""", "http.aws")]
    [InlineData("""{ "accessKeyId": "A", "secretAccessKey": "env:S", "region": "eu-central-1" }""", "flow.required")]
    [InlineData(
        """{ "type": "assumeRole", "accessKeyId": "A", "secretAccessKey": "env:S", "region": "eu-central-1", "service": "s3" }""",
        "flow.required"
    )]
    [InlineData(
        """{ "type": "profile", "accessKeyId": "A", "secretAccessKey": "env:S", "region": "eu-central-1", "service": "s3" }""",
        "flow.value"
    )]
    public async Task Settings_ThatCannotSign_AreRefused(string aws, string code)
    {
        await using var flow = TestFlow.Compile("http://127.0.0.1:1", "{}", $$"""{ "aws": {{aws}} }""");

        Assert.Contains(code, flow.Codes);
    }

    [Fact]
    public async Task Settings_WithAnotherAuthorization_AreRefused()
    {
        await using var flow = TestFlow.Compile(
            "http://127.0.0.1:1",
            "{}",
            $$"""{ "aws": { {{Key}} }, "authentication": { "method": "bearerToken", "bearerToken": "env:T" } }"""
        );

        Assert.Contains("http.aws", flow.Codes);
    }

    /// <summary>The reference writes the same under names of its own.</summary>
    [Fact]
    public async Task ReferenceNames_SignTheSame()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        var options = new HttpModuleOptions { Egress = Transports.Loopback, Time = time };
        await using var ours = TestFlow.Compile(
            server.Url,
            "{}",
            """{ "aws": { "accessKeyId": "AKID", "secretAccessKey": "aws-secret-1", "region": "eu-central-1", "service": "lambda" } }""",
            options
        );
        await using var theirs = TestFlow.Compile(
            server.Url,
            "{}",
            """
            { "awsAuthType": "credentials", "awsAccessKeyId": "AKID", "awsSecretAccessKey": "aws-secret-1", "awsRegion": "eu-central-1",
              "awsService": "lambda" }
            """,
            options
        );
        await using var none = TestFlow.Compile(
            server.Url,
            "{}",
            """{ "awsAuthType": "none", "awsAccessKeyId": "AKID", "awsSecretAccessKey": "aws-secret-1" }""",
            options
        );

        foreach (var flow in (TestFlow[])[ours, theirs, none])
            Assert.Equal("Success", (await flow.RunAsync()).EndName);

        var signatures = server.Requests.Select(request => request.Header("authorization")).ToList();
        Assert.StartsWith("AWS4-HMAC-SHA256 Credential=AKID/20260101/eu-central-1/lambda/", signatures[0], StringComparison.Ordinal);
        Assert.Equal((signatures[0], null), (signatures[1], signatures[2]));
    }

    [Theory]
    [InlineData("""{ "awsAuthType": "credentials" }""", "flow.required", "/configuration/awsAccessKeyId")]
    [InlineData("""{ "awsAuthType": "credentials" }""", "flow.required", "/configuration/awsSecretAccessKey")]
    [InlineData("""{ "awsAuthType": "credentials" }""", "flow.required", "/configuration/awsRegion")]
    [InlineData("""{ "awsAuthType": "credentials" }""", "flow.required", "/configuration/awsService")]
    [InlineData("""{ "awsAuthType": "profile" }""", "flow.value", "/configuration/awsAuthType")]
    [InlineData(
        """
            { "awsAuthType": "assumeRole", "awsAccessKeyId": "A", "awsSecretAccessKey": "env:S", "awsRegion": "eu-central-1", "awsService": "s3" }
            """,
        "flow.required",
        "/configuration/awsRoleArn"
    )]
    [InlineData(
        """
            { "awsAuthType": "credentials", "awsAccessKeyId": "A", "awsSecretAccessKey": "env:S", "awsRegion": "EU", "awsService": "s3" }
            """,
        "http.aws",
        "/configuration/awsRegion"
    )]
    [InlineData(
        """
            { "awsAuthType": "credentials", "aws": { "accessKeyId": "A", "secretAccessKey": "env:S", "region": "eu-central-1", "service": "s3" } }
            """,
        "http.aws",
        "/configuration/awsAuthType"
    )]
    public async Task ReferenceNames_ThatCannotSign_AreRefused(string connector, string code, string pointer)
    {
        await using var flow = TestFlow.Compile("http://127.0.0.1:1", "{}", connector);

        Assert.Contains(flow.Result.Diagnostics, problem => problem.Code == code && problem.Pointer == pointer);
    }

    private static TestFlow WithRole(LoopbackServer server, LoopbackServer sts, TimeProvider time) =>
        TestFlow.Compile(
            server.Url,
            "{}",
            $$"""
            { "aws": { {{Key}}, "type": "assumeRole", "roleArn": "arn:aws:iam::123456789012:role/api", "externalId": "ext 1",
                "stsUrl": "{{sts.Url}}/" } }
            """,
            new() { Egress = Transports.Loopback, Time = time }
        );

    private static LoopbackServer Sts(TimeProvider time, TimeSpan lifetime)
    {
        var sessions = 0;
        return LoopbackServer.Answering(_ =>
        {
            var n = Interlocked.Increment(ref sessions);
            return LoopbackServer.Reply(
                200,
                $"""
                <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
                  <AccessKeyId>ASIA{n}</AccessKeyId><SecretAccessKey>role-secret-{n}</SecretAccessKey>
                  <SessionToken>session-token-{n}</SessionToken><Expiration>{time.GetUtcNow() + lifetime:yyyy-MM-ddTHH:mm:ssZ}</Expiration>
                </Credentials></AssumeRoleResult></AssumeRoleResponse>
                """,
                $"Date: {time.GetUtcNow():R}\r\n"
            );
        });
    }
}
