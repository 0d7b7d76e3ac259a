using System.Text;
using FlowEngine.Context;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;

namespace FlowEngine.HttpConnector.Tests.Wire;

/// <summary>What an answer becomes in the context, and by which outcome the activity leaves.</summary>
public sealed class HttpResultTests
{
    private const string Json = "Content-Type: application/json\r\n";

    [Theory]
    [InlineData(200, Json, """{ "a": [1, null] }""", """{"statusCode":200,"body":{"a":[1,null]}}""")]
    [InlineData(201, "Content-Type: Application/Problem+JSON; charset=UTF-8\r\n", "[1]", """{"statusCode":201,"body":[1]}""")]
    [InlineData(202, "Content-Type: text/json\r\n", "12.50", """{"statusCode":202,"body":12.5}""")]
    [InlineData(200, "Content-Type: text/plain\r\n", """{ "a": 1 }""", """{"statusCode":200,"body":"{ \"a\": 1 }"}""")]
    [InlineData(200, "", """{"a":1}""", """{"statusCode":200,"body":"{\"a\":1}"}""")]
    [InlineData(200, "Content-Type: rubbish\r\n", "x", """{"statusCode":200,"body":"x"}""")]
    [InlineData(204, Json, "", """{"statusCode":204,"body":null}""")]
    [InlineData(200, Json, "", """{"statusCode":200,"body":null}""")]
    [InlineData(200, "", "", """{"statusCode":200,"body":null}""")]
    [InlineData(200, "Content-Type: text/plain\r\n", "", """{"statusCode":200,"body":""}""")]
    [InlineData(299, Json, "\"\\ud83d\\ude00\"", """{"statusCode":299,"body":"😀"}""")]
    public async Task Success_HasStatusAndBodyAndNothingElse(int status, string headers, string body, string result)
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(status, body, headers));
        await using var flow = TestFlow.Compile(server.Url);

        var run = await flow.RunAsync();

        Assert.Equal(("Success", result), (run.EndName, run.Answer()));
        Assert.True(run.Error().IsMissing);
    }

    [Theory]
    [InlineData(404, Json, """{ "why": "gone" }""", """{"why":"gone"}""")]
    [InlineData(500, Json, "<html>", "\"<html>\"")]
    [InlineData(503, Json, "", "null")]
    [InlineData(429, "", "slow down", "\"slow down\"")]
    [InlineData(302, "Location: /elsewhere\r\n", "", "null")]
    [InlineData(304, "", "", "null")]
    [InlineData(199 + 800, Json, "1", "1")]
    public async Task HttpError_KeepsStatusAndBodyAndSaysSo(int status, string headers, string body, string kept)
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(status, body, headers));
        await using var flow = TestFlow.Compile(server.Url);

        var run = await flow.RunAsync();

        Assert.Equal("Generic HTTP Error", run.EndName);
        Assert.Equal(
            $$$"""{"statusCode":{{{status}}},"body":{{{kept}}},"error":"""
                + $$$"""{"event":"Generic HTTP Error","code":"http.status","message":"The API answered {{{status}}}."}}""",
            run.Answer()
        );
        Assert.Equal(
            $$"""{"activity":"call","event":"Generic HTTP Error","code":"http.status","message":"The API answered {{status}}."}""",
            run.Error().ToJson()
        );
        Assert.Equal("http.status", run.Trace![0].Error!.Code);
    }

    [Theory]
    [InlineData("HEAD", "HTTP/1.1 200 X\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n", "null")]
    [InlineData("HEAD", "HTTP/1.1 404 X\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n", "null")]
    [InlineData("GET", "HTTP/1.1 204 X\r\n\r\n", "null")]
    [InlineData("DELETE", "HTTP/1.1 204 X\r\nContent-Type: application/json\r\n\r\n", "null")]
    public async Task AnswerWithoutBody_IsAResult(string method, string answer, string body)
    {
        await using var server = LoopbackServer.Answering(_ => answer);
        await using var flow = TestFlow.Compile(server.Url, $$"""{ "method": "{{method}}" }""");

        var run = await flow.RunAsync();

        Assert.Equal(answer[9..12] == "404" ? "Generic HTTP Error" : "Success", run.EndName);
        Assert.Equal((answer[9..12], body), (run.Call().Get("statusCode").ToText(), run.Call().Get("body").ToJson()));
    }

    [Theory]
    [InlineData("auto", Json, "{ not json")]
    [InlineData("auto", Json, "{} {}")]
    [InlineData("auto", Json, "\"\\ud800\"")]
    [InlineData("json", "Content-Type: text/html\r\n", "<html>")]
    public async Task Success_WithAWrongBody_IsABadResponse(string format, string headers, string body)
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200, body, headers));
        await using var flow = TestFlow.Compile(server.Url, $$"""{ "responseFormat": "{{format}}" }""");

        (await flow.RunAsync()).AssertExecutionError("http.bad_response");
    }

    [Fact]
    public async Task Success_NestedTooDeeply_IsABadResponse()
    {
        await using var server = LoopbackServer.Answering(_ =>
            LoopbackServer.Reply(200, new string('[', 100_000) + new string(']', 100_000), Json)
        );
        await using var flow = TestFlow.Compile(server.Url);

        (await flow.RunAsync()).AssertExecutionError("http.bad_response");
    }

    [Theory]
    [InlineData("json", "Content-Type: text/plain\r\n", "[1]", "[1]")]
    [InlineData("json", "", "[1]", "[1]")]
    [InlineData("text", Json, "[1]", "\"[1]\"")]
    [InlineData("auto", "Content-Type: application/json; charset=iso-8859-1\r\n", "[\"x\"]", "[\"x\"]")]
    [InlineData("auto", "Content-Type: application/json; charset=utf-7\r\n", "[\"x\"]", "[\"x\"]")]
    [InlineData("auto", "Content-Type: text/plain; charset=utf-7\r\n", "x", "\"x\"")]
    [InlineData("auto", "Content-Type: application/json; charset=no-such\r\n", "[\"é\"]", "[\"é\"]")]
    [InlineData("auto", Json, "\ufeff[1]", "[1]")]
    public async Task ResponseFormat_DecidesHowTheBodyIsRead(string format, string headers, string body, string result)
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200, body, headers));
        await using var flow = TestFlow.Compile(server.Url, $$"""{ "responseFormat": "{{format}}" }""");

        var run = await flow.RunAsync();

        Assert.Equal(("Success", result), (run.EndName, run.Call().Get("body").ToJson()));
    }

    [Fact]
    public async Task Json_InAnotherCharset_IsReadByIt()
    {
        await using var server = LoopbackServer.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync([
                .. "HTTP/1.1 200 X\r\nContent-Type: application/json; charset=iso-8859-1\r\nContent-Length: 3\r\n\r\n"u8,
                .. Encoding.Latin1.GetBytes("\"é\""),
            ]);
        });
        await using var flow = TestFlow.Compile(server.Url);

        Assert.Equal("é", (await flow.RunAsync()).Call().Get("body").ToText());
    }

    [Theory]
    [InlineData("""["404"]""", 404, true)]
    [InlineData("""["404"]""", 200, false)]
    [InlineData("""["2xx", "404", "3XX"]""", 304, true)]
    [InlineData("""["2xx", "404"]""", 405, false)]
    [InlineData("[]", 200, false)]
    public async Task SuccessStatusCodes_Decide(string codes, int status, bool succeeds)
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(status, "{ broken", Json));
        await using var flow = TestFlow.Compile(server.Url, $$"""{ "successStatusCodes": {{codes}}, "responseFormat": "text" }""");

        var run = await flow.RunAsync();

        Assert.Equal(succeeds ? "Success" : "Generic HTTP Error", run.EndName);
        Assert.Equal(succeeds, run.Call().Get("error").IsMissing);
        Assert.Equal(status.ToString((IFormatProvider?)null), run.Call().Get("statusCode").ToText());
    }

    [Theory]
    [InlineData(true, 200)]
    [InlineData(true, 404)]
    [InlineData(false, 200)]
    [InlineData(false, 404)]
    public async Task Headers_AreThereOnlyWhenTheConnectorSaysSo(bool included, int status)
    {
        await using var server = LoopbackServer.Answering(_ =>
            LoopbackServer.Reply(status, "x", "X-Region: eu\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nX-Empty:\r\n")
        );
        await using var flow = TestFlow.Compile(
            server.Url,
            connector: $$"""{ "includeHeadersInContext": {{(included ? "true" : "false")}} }"""
        );

        var run = await flow.RunAsync();

        Assert.Equal(
            included ? """{"x-region":"eu","set-cookie":"a=1, b=2","x-empty":"","content-length":"1"}""" : "null",
            run.Call().Get("headers").ToJson()
        );
        var path = included ? "eu" : "";
        Assert.Equal(
            path,
            Templates.Template.Parse("{{connectors.call.headers.X-REGION}}").EvaluateText(run.Context, Templates.ValueEncoder.None).ToText()
        );
    }

    [Fact]
    public async Task ContextKey_IsWhereTheResultGoes()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200, "x"));
        await using var flow = TestFlow.Compile(server.Url, """{ "contextKey": "profile" }""");

        var run = await flow.RunAsync();

        Assert.True(run.Context.Get(Templates.ContextRoot.Connectors).TryGetObject(out var connectors));
        Assert.Equal(("profile", "x"), (Assert.Single(connectors).Key, connectors.Get("profile").Get("body").ToText()));
    }

    public static TheoryData<string, string> BrokenServers =>
        new()
        {
            { "http.bad_response", "SSH-2.0-OpenSSH\r\n" },
            { "http.bad_response", "HTTP/1.1 200 X\r\nContent-Length: 10\r\n\r\nshort" },
            { "http.bad_response", "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab" },
            { "http.bad_response", "HTTP/1.1 404 X\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope" },
            { "http.connect", "" },
            { "http.too_large", "HTTP/1.1 404 X\r\nContent-Length: 1001\r\n\r\n" + new string('x', 1001) },
            { "http.too_large", "HTTP/1.1 200 X\r\nX-Big: " + new string('x', 70_000) + "\r\nContent-Length: 0\r\n\r\n" },
        };

    [Theory]
    [MemberData(nameof(BrokenServers))]
    public async Task NoUsableAnswer_IsAConnectorExecutionError(string code, string answer)
    {
        await using var server = LoopbackServer.Sending(answer);
        await using var flow = TestFlow.Compile(server.Url, options: new() { Egress = Transports.Loopback, MaxResponseBodyBytes = 1000 });

        (await flow.RunAsync()).AssertExecutionError(code);
    }

    [Theory]
    [InlineData("http.dns", "http://no-such-host.invalid")]
    [InlineData("http.connect", "http://127.0.0.1:1")]
    [InlineData("http.blocked", "http://169.254.169.254/latest/meta-data")]
    [InlineData("http.blocked", "http://[::ffff:169.254.169.254]")]
    [InlineData("http.blocked", "http://0xa9fea9fe/")]
    public async Task Unreachable_IsAConnectorExecutionError(string code, string baseUrl)
    {
        await using var flow = TestFlow.Compile(baseUrl);

        (await flow.RunAsync()).AssertExecutionError(code);
    }

    [Fact]
    public async Task Chunked_WithoutLengthAndType_IsRead()
    {
        await using var server = LoopbackServer.Sending("HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
        await using var flow = TestFlow.Compile(server.Url);

        Assert.Equal("abc", (await flow.RunAsync()).Call().Get("body").ToText());
    }
}
