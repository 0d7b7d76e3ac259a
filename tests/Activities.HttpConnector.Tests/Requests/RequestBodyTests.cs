using System.Text;
using FlowEngine.Context;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;

namespace FlowEngine.HttpConnector.Tests.Requests;

/// <summary>Bodies as they stand on the wire, byte for byte.</summary>
public sealed class RequestBodyTests
{
    /// <summary>Each line is what <c>JSON.stringify(JSON.parse(line))</c> must leave of it.</summary>
    private static readonly string[] Documents =
    [
        """{ "b" : 1, "a" : [ 1.0, 1e21, 1E2, -0, 0.1, 1.5e-7, 123456789012, 5e-324 ], "nested": { "z": null, "y": true, "x": false } }""",
        """{ "html": "<a href='x'>&+=</a>", "quote": "\"\\\/\b\f\n\r\t", "control": "\u0001\u001f\u007f", "emoji": "😀👩‍👩‍👧","""
            + """ "u": "\u003c\u00e9\u2028\u2029\ufeff" }""",
        """[ "", {}, [], "lone \ud83d surrogate is kept out of here" ]""".Replace("\\ud83d", "", StringComparison.Ordinal),
        """{ "": 1, "ключ": 2, "a b": 3, "\"": 4 }""",
        """ "just text" """,
        "17.50",
    ];

    [Fact]
    public async Task Json_IsWrittenAsJsonStringifyWritesIt()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        foreach (var document in Documents)
        {
            // The text form of a JSON text is a template for one value, so a document that is a text or number stands in a wrapper here.
            await using var flow = TestFlow.Compile(server.Url, $$"""{ "method": "POST", "body": { "doc": {{document}} } }""");
            Assert.Equal("Success", (await flow.RunAsync()).EndName);
        }

        var expected = await Programs.RunAsync(
            "node",
            "const docs = JSON.parse(require('fs').readFileSync(0, 'utf8')); for "
                + "(const d of docs) console.log(JSON.stringify({ doc: JSON.parse(d) }))",
            FlowValue.From(FlowArray.From(Documents.Select(FlowValue.From))).ToJson()
        );
        Assert.Equal(expected.TrimEnd('\n').Split('\n'), server.Requests.Select(request => request.Text));
        Assert.All(server.Requests, request => Assert.Equal("application/json", request.Header("content-type")));
    }

    [Fact]
    public async Task Json_ValuesOfTheRun_KeepTheirTypeAndNeverBreakOut()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            """
            { "method": "POST", "body": { "whole": "{{client.n}}", "mixed": "n={{client.n}}", "list": "{{client.list}}",
              "evil": "{{client.evil}}", "none": "{{client.none}}", "gone": "{{client.gone}}", "more": ["{{client.on}}"] } }
            """
        );

        await flow.RunAsync(
            """{ "n": 1.50, "list": [1, { "a": "b" }], "evil": "\", \"admin\": true, \"x\": \"", "none": null, "on": true }"""
        );

        Assert.Equal(
            """{"whole":1.5,"mixed":"n=1.5","list":[1,{"a":"b"}],"evil":"\", \"admin\": true, \"x\": \"","none":null,"more":[true]}""",
            Assert.Single(server.Requests).Text
        );
    }

    [Fact]
    public async Task JsonText_TemplatesInsideAndOutsideQuotes_AreValuesWhateverTheyHold()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        const string Body =
            """{ "age": {{client.n}}, "name": "{{client.evil}}", "both": "<{{client.n}}> {{client.evil}}", "raw": {{client.evil}},"""
            + """ "d": {{client.gone ?? "x\"y"}}, "list": [ {{client.list}} ] }""";
        await using var flow = TestFlow.Compile(server.Url, $$"""{ "method": "PUT", "body": {{FlowValue.From(Body).ToJson()}} }""");

        await flow.RunAsync("""{ "n": 7, "evil": "\", \"admin\": true, {{form.x}} \\", "list": [1] }""");

        const string Evil = """ "\", \"admin\": true, {{form.x}} \\" """;
        var sent = FlowValue.Parse(Assert.Single(server.Requests).Text);
        Assert.Equal(
            FlowValue.Parse(
                $$$"""{ "age": 7, "name": {{{Evil}}},"""
                    + $$$""" "both": "<7> \", \"admin\": true, {{form.x}} \\", "raw": {{{Evil}}}, "d": "x\"y", "list": [ [1] ] }"""
            ),
            sent
        );
        Assert.True(sent.Get("admin").IsMissing);
    }

    [Fact]
    public async Task Form_IsUrlEncodedInOrder()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "method": "POST", "bodyType": "form", "body": { "z": "{{client.v}}", "a b": 1.5, "on": true,"""
                + """ "none": "{{client.gone}}", "o": { "k": [1] } } }"""
        );

        await flow.RunAsync("""{ "v": "a&b=c d+é%" }""");

        var request = Assert.Single(server.Requests);
        Assert.Equal("z=a%26b%3Dc+d%2B%C3%A9%25&a+b=1.5&on=true&none=&o=%7B%22k%22%3A%5B1%5D%7D", request.Text);
        Assert.Equal("application/x-www-form-urlencoded", request.Header("content-type"));
    }

    [Theory]
    [InlineData("\"Hello {{client.name}}\"", "Hello Zoë \"q\"")]
    [InlineData("\"{{client.n}}\"", "12")]
    [InlineData("{ \"n\": \"{{client.n}}\" }", "{\"n\":12}")]
    public async Task Text_IsSentAsItIs(string body, string sent)
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(server.Url, $$"""{ "method": "POST", "bodyType": "text", "body": {{body}} }""");

        await flow.RunAsync("""{ "name": "Zoë \"q\"", "n": 12 }""");

        var request = Assert.Single(server.Requests);
        Assert.Equal(sent, request.Text);
        Assert.Equal("text/plain; charset=utf-8", request.Header("content-type"));
    }

    [Theory]
    [InlineData("""{ "method": "POST" }""", "0")]
    [InlineData("""{ "method": "POST", "bodyType": "none", "body": { "a": 1 } }""", "0")]
    [InlineData("""{ "method": "POST", "bodyType": "form" }""", "0")]
    [InlineData("""{ "method": "GET" }""", null)]
    [InlineData("""{ "method": "DELETE", "body": null }""", null)]
    public async Task None_SendsNeitherBodyNorContentType(string activity, string? length)
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(server.Url, activity);

        await flow.RunAsync();

        var request = Assert.Single(server.Requests);
        Assert.Equal("", request.Text);
        Assert.Null(request.Header("content-type"));
        Assert.Equal(length, request.Header("content-length"));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    public async Task Method_IsSentWithItsBodyAndEachButGetWithAnIdempotencyKey(string method)
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(server.Url, $$"""{ "method": "{{method}}", "body": { "a": "ü" } }""");

        var run = await flow.RunAsync();

        Assert.Equal("Success", run.EndName);
        var request = Assert.Single(server.Requests);
        Assert.Equal((method, """{"a":"ü"}"""), (request.Method, request.Text));
        Assert.Equal(method != "GET", Guid.TryParse(request.Header("idempotency-key"), out _));
    }

    [Theory]
    [InlineData("json")]
    [InlineData("form")]
    [InlineData("text")]
    public async Task Body_OverTheLimit_IsRefusedWithoutConnecting(string type)
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            $$$"""{ "method": "POST", "bodyType": "{{{type}}}", "body": { "v": "{{client.v}}" } }""",
            options: new() { Egress = Transports.Loopback, MaxRequestBodyBytes = 100_000 }
        );

        Assert.Equal("Success", (await flow.RunAsync($$"""{ "v": "{{new string('a', 99_900)}}" }""")).EndName);
        (await flow.RunAsync($$"""{ "v": "{{new string('a', 100_000)}}" }""")).AssertExecutionError("http.too_large");
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Trace_ShowsTheRequestAsItWasFilledIn()
    {
        await using var server = LoopbackServer.Answering(_ =>
            LoopbackServer.Reply(200, """{ "ok": true }""", "Content-Type: application/json\r\n")
        );
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "method": "POST", "endpoint": "/p/{{client.id}}", "headers": { "x-id": "{{client.id}}" },"""
                + """ "body": { "id": "{{client.id}}" } }"""
        );

        var run = await flow.RunAsync("""{ "id": "a b" }""");

        var step = run.Trace![0];
        Assert.Equal($"{server.Url}/p/a%20b", step.Input.Get("url").ToText());
        Assert.Equal("POST", step.Input.Get("method").ToText());
        Assert.Equal("a b", step.Input.Get("headers").Get("x-id").ToText());
        Assert.Equal(server.Requests.Single().Header("idempotency-key"), step.Input.Get("headers").Get("idempotency-key").ToText());
        Assert.Equal("""{"id":"a b"}""", step.Input.Get("body").ToJson());
        Assert.Equal(run.Call(), step.Output);
    }
}
