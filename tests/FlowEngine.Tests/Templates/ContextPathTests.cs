using System.Text.Json;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Templates;

namespace FlowEngine.Tests.Templates;

public sealed class ContextPathTests
{
    private const string Client =
        """{"a":"""
        + """{"b":1,"b-c":2,"odd.name":3,"q\"uote":4,"it's":5,"back\\slash":6,"":7,"ünï":8,"$x":9,"@type":10,"xsi:nil":11,"headers":"""
        + """{"X-A":12}},"list":[10,[20,{"x":30}]],"0":13}""";

    [Theory]
    [InlineData("client.a.b", "1")]
    [InlineData("client.a.b-c", "2")]
    [InlineData("client.a[\"odd.name\"]", "3")]
    [InlineData("client.a['odd.name']", "3")]
    [InlineData("client[\"a\"].b", "1")]
    [InlineData("client[\"a\"][\"b\"]", "1")]
    [InlineData("client.a[\"q\\\"uote\"]", "4")]
    [InlineData("client.a['q\"uote']", "4")]
    [InlineData("client.a[\"it's\"]", "5")]
    [InlineData("client.a[\"back\\\\slash\"]", "6")]
    [InlineData("client.a[\"\"]", "7")]
    [InlineData("client.a.ünï", "8")]
    [InlineData("client.a.$x", "9")]
    [InlineData("client.a.@type", "10")]
    [InlineData("client.a.xsi:nil", "11")]
    [InlineData("client.list[0]", "10")]
    [InlineData("client.list[1][1].x", "30")]
    [InlineData("client.list[1]", "[20,{\"x\":30}]")]
    [InlineData("client.0", "13")]
    public void Evaluate_LeadsToTheValue(string path, string expected) =>
        Assert.Equal(expected, Evaluate(path, TestFlow.Context(Client)).ToJson());

    [Fact]
    public void TryParse_AgreesWithTheConsole()
    {
        // The console's parser, src/console/graph/contextPath.ts, is tested with the same table.
        using var table = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests/Shared/context-paths.json")));
        foreach (var row in table.RootElement.EnumerateArray())
        {
            var text = row.GetProperty("text").GetString()!;
            var expected = row.GetProperty("segments");
            var isPath = ContextPath.TryParse(text, out var path, out _);
            Assert.True(isPath == (expected.ValueKind == JsonValueKind.Array), text);
            if (isPath)
                Assert.Equal(expected.EnumerateArray().Select(segment => segment.ToString()), path!.Segments.Prepend(path.RootName));
        }
    }

    [Theory]
    [InlineData("client.none")]
    [InlineData("client.none.deeper[5].still")]
    [InlineData("client.a.b.c")]
    [InlineData("client.a[0]")]
    [InlineData("client.list[2]")]
    [InlineData("client.list[2147483647]")]
    [InlineData("client.list.length")]
    [InlineData("client.list.0")]
    [InlineData("client.a.B")]
    [InlineData("client.a.headers.x-a")]
    [InlineData("error.code")]
    [InlineData("connectors.none.statusCode")]
    public void Evaluate_LeadsNowhere_IsMissing(string path) => Assert.True(Evaluate(path, TestFlow.Context(Client)).IsMissing);

    [Theory]
    [InlineData("connectors.api.headers.x-region")]
    [InlineData("connectors.api.headers.X-Region")]
    [InlineData("connectors.api.headers[\"X-REGION\"]")]
    [InlineData("connectors[\"api\"].headers.x-REGION")]
    [InlineData("connectors[\"api\"][\"headers\"][\"x-Region\"]")]
    public void Evaluate_HeaderName_MatchesWithoutRegardToCase(string path)
    {
        var context = TestFlow.Context();
        context.SetConnector("api", FlowValue.Parse("""{"statusCode":200,"headers":{"x-region":"eu"},"body":{"headers":{"A":1}}}"""));
        Assert.Equal("eu", Evaluate(path, context).ToText());
        Assert.True(Evaluate("connectors.api.StatusCode", context).IsMissing);
        Assert.True(Evaluate("connectors.api.body.headers.a", context).IsMissing);
        Assert.True(Evaluate("connectors.API.headers.x-region", context).IsMissing);
    }

    [Fact]
    public void Evaluate_EveryRoot_IsThere()
    {
        var context = TestFlow.Context("""{"x":1}""");
        context.SetScript("s", FlowValue.From(2));
        Assert.Equal("1", Evaluate("client.x", context).ToJson());
        Assert.Equal("2", Evaluate("scripts.s", context).ToJson());
        Assert.Equal("{}", Evaluate("form", context).ToJson());
        Assert.Equal("{}", Evaluate("user", context).ToJson());
        Assert.Equal("{}", Evaluate("claims", context).ToJson());
        Assert.Equal("{}", Evaluate("device", context).ToJson());
        Assert.Equal("\"f\"", Evaluate("flow.id", context).ToJson());
        Assert.Equal("0", Evaluate("flow.version", context).ToJson());
        Assert.Equal(context.Run.Id, Evaluate("flow.runId", context).ToText());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", Evaluate("flow.startedAt", context).ToText());
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("client.", false)]
    [InlineData(".client", false)]
    [InlineData("client..a", false)]
    [InlineData("client a", false)]
    [InlineData("client.a b", false)]
    [InlineData("client[", false)]
    [InlineData("client[]", false)]
    [InlineData("client[-1]", false)]
    [InlineData("client[1.5]", false)]
    [InlineData("client[99999999999]", false)]
    [InlineData("client[a]", false)]
    [InlineData("client[\"a]", false)]
    [InlineData("client[\"a\"", false)]
    [InlineData("client[\"a\" ]", false)]
    [InlineData("client[0]a", false)]
    [InlineData("client.a()", false)]
    [InlineData("client.{{a}}", false)]
    [InlineData("[0]", false)]
    [InlineData("Client.a", true)]
    [InlineData("connector.a", true)]
    [InlineData("constructor", true)]
    [InlineData("secrets.a", true)]
    public void TryParse_Wrong_SaysWhy(string path, bool unknownRoot)
    {
        Assert.False(ContextPath.TryParse(path, out var parsed, out var problem));
        Assert.Null(parsed);
        Assert.Equal(unknownRoot, problem!.IsUnknownRoot);
        Assert.NotEmpty(problem.Message);
    }

    [Fact]
    public void Evaluate_InsideASensitiveValue_IsSensitive()
    {
        var context = TestFlow.Context();
        context.SetConnector("api", FlowValue.Parse("""{"body":{"list":[{"x":1}]},"headers":{"A":"b"}}""").AsSensitive());
        Assert.True(Evaluate("connectors.api.body.list[0].x", context).IsSensitive);
        Assert.True(Evaluate("connectors.api.headers.a", context).IsSensitive);
        Assert.False(Evaluate("connectors.api.none", context).IsSensitive);
    }

    private static FlowValue Evaluate(string path, RunContext context)
    {
        Assert.True(ContextPath.TryParse(path, out var parsed, out var problem), problem?.Message);
        return parsed!.Evaluate(context);
    }
}
