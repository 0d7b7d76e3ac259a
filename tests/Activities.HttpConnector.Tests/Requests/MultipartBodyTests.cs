using System.Text;
using FlowEngine.Context;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Requests;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;

namespace FlowEngine.HttpConnector.Tests.Requests;

/// <summary>Bodies of fields and files, and bodies of bytes.</summary>
public sealed class MultipartBodyTests
{
    /// <summary>Names that would end themselves, and a file with zeros in it, read by the parser of Node's <c>fetch</c>.</summary>
    [Trait("Category", "slow")]
    [Fact]
    public async Task Parts_AreReadByNodeAsTheyWereMeant()
    {
        const string Read = """
            const { head, body } = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
            new Response(Buffer.from(body, 'base64'), { headers: { 'content-type': head } }).formData().then(async (form) => {
              const parts = [];
              for (const [name, value] of form)
                if (typeof value === 'string') parts.push([name, value]);
                else parts.push([name, value.name, value.type, Buffer.from(await value.arrayBuffer()).toString('base64')]);
              console.log(JSON.stringify(parts));
            });
            """;
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            """
            { "method": "POST", "bodyType": "multipart", "parts": [
              { "name": "title", "value": "{{client.title}}" }, { "name": "nothing", "value": "{{client.absent}}" },
              { "name": "wei\"rd\r\nname", "value": "1" },
              { "name": "photo", "file": "{{client.file}}", "filename": "{{client.filename}}", "contentType": "image/png" },
              { "name": "raw", "file": "{{client.file}}" }, { "name": "left out", "file": "{{client.absent}}" } ] }
            """
        );
        var file = Convert.ToBase64String([0, 13, 10, 45, 45, 255]);

        Assert.Equal(
            "Success",
            (
                await flow.RunAsync(
                    $$"""{ "title": "Zoë & \"co\"\r\nnext", "file": "{{file}}", "filename": "ä\"b\r\nContent-Type: text/html\r\n.png" }"""
                )
            ).EndName
        );

        var request = Assert.Single(server.Requests);
        var input = FlowValue.Object([
            ("head", FlowValue.From(request.Header("content-type"))),
            ("body", FlowValue.From(Convert.ToBase64String(request.Body))),
        ]);
        var parts = FlowValue.Parse(await Programs.RunAsync("node", Read, input.ToJson()));
        Assert.Equal(
            FlowValue
                .Parse(
                    $$"""
                    [ ["title", "Zoë & \"co\"\r\nnext"], ["nothing", ""], ["wei\"rd\r\nname", "1"],
                      ["photo", "ä\"b\r\nContent-Type: text/html\r\n.png", "image/png", "{{file}}"],
                      ["raw", "", "application/octet-stream", "{{file}}"] ]
                    """
                )
                .ToJson(),
            parts.ToJson()
        );
    }

    [Fact]
    public void Boundary_ThatStandsInAPart_IsAnother()
    {
        var first = BoundaryOf(Write("""{ "name": "a", "value": "b" }"""));
        // A body that quotes another, as a mail in a mail does.
        var inside = Write($$"""{ "name": "a", "value": "--{{first}}--" }""");

        Assert.DoesNotContain(BoundaryOf(inside), "--" + first, StringComparison.Ordinal);
        Assert.Equal(2, Count(Encoding.UTF8.GetString(inside.Body), BoundaryOf(inside)));
    }

    /// <summary>An attempt that is repeated, delivered later or signed sends the same bytes.</summary>
    [Fact]
    public async Task Attempts_SendTheSameBytes()
    {
        var answers = 0;
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(Interlocked.Increment(ref answers) == 1 ? 503 : 200));
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "method": "PUT", "bodyType": "multipart", "parts": [ { "name": "a", "value": "b" } ], "retry": { "attempts": 1 } }""",
            options: new() { Egress = Transports.Loopback, Time = new HurriedTime(TimeSpan.FromSeconds(5)) }
        );

        await flow.RunAsync();

        Assert.Equal(2, server.Requests.Count);
        Assert.Single(server.Requests.Select(request => request.Header("content-type") + request.Text).Distinct());
    }

    [Theory]
    [InlineData("""{ "bodyType": "multipart", "parts": [ { "name": "f", "file": "{{client.v}}" } ] }""", "'f'")]
    [InlineData("""{ "bodyType": "binary", "body": "{{client.v}}" }""", "base64")]
    public async Task WhatIsNoBase64_EndsTheCallBeforeAnythingIsSent(string activity, string word)
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            activity.Replace("{ \"bodyType\"", "{ \"method\": \"POST\", \"bodyType\"", StringComparison.Ordinal)
        );

        var run = await flow.RunAsync("""{ "v": "hunter2 is no base64!" }""");

        run.AssertExecutionError("http.body");
        Assert.Contains(word, run.Error().Get("message").ToText(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", run.Error().Get("message").ToText(), StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("AP8Q", new byte[] { 0, 255, 16 })]
    [InlineData("-_8", new byte[] { 251, 255 })]
    [InlineData("data:image/png;base64,AP8Q", new byte[] { 0, 255, 16 })]
    [InlineData("", new byte[0])]
    public async Task Binary_SendsTheBytes(string text, byte[] expected)
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(server.Url, """{ "method": "POST", "bodyType": "binary", "body": "{{client.v}}" }""");

        Assert.Equal("Success", (await flow.RunAsync($$"""{ "v": "{{text}}" }""")).EndName);

        var request = Assert.Single(server.Requests);
        Assert.Equal(expected, request.Body);
        Assert.Equal("application/octet-stream", request.Header("content-type"));
    }

    [Fact]
    public async Task BinaryAnswer_IsBase64()
    {
        await using var server = LoopbackServer.Sending(
            "HTTP/1.1 200 X\r\nContent-Type: application/json\r\nContent-Length: 3\r\n\r\na\0b"
        );
        await using var flow = TestFlow.Compile(server.Url, """{ "responseFormat": "binary" }""");

        Assert.Equal("YQBi", (await flow.RunAsync()).Call().Get("body").ToText());
    }

    /// <summary>What an answer claims takes no memory: what is over the limit is not read, and what is cut short is no answer.</summary>
    [Theory]
    [InlineData(1_000_000_000, "http.too_large")]
    [InlineData(1_000_000, "http.bad_response")]
    public async Task Answer_ThatDeclaresMoreThanItSends_IsAFault(int declared, string code)
    {
        await using var server = LoopbackServer.Sending($"HTTP/1.1 200 X\r\nContent-Length: {declared}\r\n\r\nhello");
        await using var flow = TestFlow.Compile(server.Url, """{ "responseFormat": "binary" }""");

        (await flow.RunAsync()).AssertExecutionError(code);
    }

    [Theory]
    [InlineData("""{ "bodyType": "multipart" }""", "no parts")]
    [InlineData("""{ "bodyType": "multipart", "body": {}, "parts": [ { "name": "a", "value": "" } ] }""", "is its parts")]
    [InlineData("""{ "parts": [ { "name": "a", "value": "b" } ] }""", "Only a multipart body")]
    [InlineData("""{ "bodyType": "multipart", "parts": [ { "name": "a" } ] }""", "either a field or a file")]
    [InlineData("""{ "bodyType": "multipart", "parts": [ { "name": "a", "value": "b", "file": "Yg==" } ] }""", "either a field or a file")]
    [InlineData("""{ "bodyType": "multipart", "parts": [ { "name": "a", "value": "b", "filename": "c" } ] }""", "Only a file")]
    [InlineData("""{ "bodyType": "multipart", "parts": [ { "name": "a", "value": "b", "contentType": "text" } ] }""", "no content type")]
    [InlineData(
        """{ "bodyType": "multipart", "parts": [ { "name": "a", "value": "b", "contentType": "a/b\r\nX: y" } ] }""",
        "no content type"
    )]
    [InlineData("""{ "bodyType": "binary", "body": { "a": 1 } }""", "base64")]
    public async Task Settings_ThatDoNotFit_AreRefused(string activity, string word)
    {
        await using var flow = TestFlow.Compile("http://127.0.0.1:1", activity);

        var problem = Assert.Single(flow.Result.Diagnostics, problem => problem.Code == "http.body");
        Assert.Contains(word, problem.Message, StringComparison.Ordinal);
    }

    private static (byte[] Body, string ContentType) Write(string part)
    {
        Assert.Null(MultipartBody.Write(FlowValue.Parse($"[ {part} ]"), out var body, out var contentType));
        return (body, contentType);
    }

    private static string BoundaryOf((byte[] Body, string ContentType) written) => written.ContentType.Split('=')[1];

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
