using System.Text;
using CsCheck;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Templates;

namespace FlowEngine.Tests.Templates;

public sealed class TemplateFunctionsTests
{
    private const string Client =
        """{"text":" Zoë 😀 ","up":"ABC","n":404,"f":1.50,"yes":true,"nothing":null,"empty":"","list":["a",1,null,true],"none":[],"""
        + """ "obj":{"a":1,"b":[2]},"rows":[{"id":7,"name":"x"},{"id":9,"name":"y"}],"nested":[["a"],"b"],"odd|name":"piped","""
        + """ "day":"2026-02-03","instant":"2026-02-03T04:05:06.789+02:00","http":"Sun, 06 Nov 1994 08:49:37 GMT","spaced":"2026-02-03 04:05:06"}""";

    [Theory]
    [InlineData("{{client.up | lower}}", "\"abc\"")]
    [InlineData("{{client.text | upper}}", "\" ZOË 😀 \"")]
    [InlineData("{{client.text | trim}}", "\"Zoë 😀\"")]
    [InlineData("{{client.text|trim|upper}}", "\"ZOË 😀\"")]
    [InlineData("{{client[\"odd|name\"] | upper}}", "\"PIPED\"")]
    [InlineData("{{client.n | upper}}", "\"404\"")]
    [InlineData("{{client.yes | upper}}", "\"TRUE\"")]
    [InlineData("{{client.list | join(\", \")}}", "\"a, 1, , true\"")]
    [InlineData("{{client.list | join(' | ')}}", "\"a | 1 |  | true\"")]
    [InlineData("{{client.none | join(\",\")}}", "\"\"")]
    [InlineData("{{client.list | first}}", "\"a\"")]
    [InlineData("{{client.list | last}}", "true")]
    [InlineData("{{client.rows | last}}", "{\"id\":9,\"name\":\"y\"}")]
    [InlineData("{{client.text | size}}", "7")]
    [InlineData("{{client.list | size}}", "4")]
    [InlineData("{{client.obj | size()}}", "2")]
    [InlineData("{{client.obj | json}}", "\"{\\\"a\\\":1,\\\"b\\\":[2]}\"")]
    [InlineData("{{client.up | json}}", "\"\\\"ABC\\\"\"")]
    [InlineData("{{client.text | trim | base64}}", "\"Wm/DqyDwn5iA\"")]
    [InlineData("{{client.text | trim | base64url}}", "\"Wm_DqyDwn5iA\"")]
    [InlineData("{{client.n | base64}}", "\"NDA0\"")]
    [InlineData("{{client.text | trim | hex}}", "\"5a6fc3ab20f09f9880\"")]
    [InlineData("{{client.empty | sha256}}", "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"")]
    [InlineData("{{client.text | percent}}", "\"%20Zo%C3%AB%20%F0%9F%98%80%20\"")]
    [InlineData("{{client.text | slice(1, 4)}}", "\"Zoë\"")]
    [InlineData("{{client.text | slice(5,6)}}", "\"😀\"")]
    [InlineData("{{client.text | slice(-2)}}", "\"😀 \"")]
    [InlineData("{{client.text | slice(3, 1)}}", "\"\"")]
    [InlineData("{{client.up | slice(-99, 99)}}", "\"ABC\"")]
    [InlineData("{{client.up | slice(-9223372036854775808, 9223372036854775807)}}", "\"ABC\"")]
    [InlineData("{{client.n | slice(0, 1)}}", "\"4\"")]
    [InlineData("{{client.list | slice(1, -1)}}", "[1,null]")]
    [InlineData("{{client.day | date(\"d MMM yyyy\")}}", "\"3 Feb 2026\"")]
    [InlineData("{{client.instant | date(\"yyyy-MM-ddTHH:mm:ss.fffK\")}}", "\"2026-02-03T02:05:06.789Z\"")]
    [InlineData("{{client.http | date(\"yyyy-MM-dd\")}}", "\"1994-11-06\"")]
    [InlineData("{{client.spaced | date(\"HH:mm\")}}", "\"04:05\"")]
    [InlineData("{{client.n | date(\"HH:mm:ss\")}}", "\"00:06:44\"")]
    [InlineData("{{client.f | date(\"ss.f\")}}", "\"01.5\"")]
    [InlineData("{{client.rows | jmespath(\"[?id > `7`].name | [0]\")}}", "\"y\"")]
    [InlineData("{{client.rows | jmespath('[*].{n: name}')}}", "[{\"n\":\"x\"},{\"n\":\"y\"}]")]
    [InlineData("{{client.missing | upper ?? \"x\"}}", "\"x\"")]
    [InlineData("{{client.nothing | upper ?? \"x\"}}", "\"x\"")]
    [InlineData("{{client.nothing | upper}}", "null")]
    [InlineData("{{client.none | first ?? 'nobody'}}", "\"nobody\"")]
    [InlineData("{{client.rows | jmespath('[9]') ?? 0}}", "0")]
    [InlineData("<{{client.up | lower}}{{client.n}}>", "\"<abc404>\"")]
    public void Evaluate_WhatTheFunctionTakes_GivesItsResult(string template, string expected)
    {
        var context = TestFlow.Context(Client);
        Assert.Equal(expected, Template.Parse(template).Evaluate(context).ToJson());
        Assert.Empty(context.Step!.Warnings);
    }

    [Theory]
    [InlineData("list | lower", "a list")]
    [InlineData("obj | base64", "an object")]
    [InlineData("up | join(\",\")", "not a text")]
    [InlineData("nested | join(\",\")", "one of its elements")]
    [InlineData("up | first", "not a text")]
    [InlineData("n | size", "not a number")]
    [InlineData("obj | slice(0)", "an object")]
    [InlineData("up | date(\"yyyy\")", "ISO 8601")]
    [InlineData("list | date(\"yyyy\")", "ISO 8601")]
    [InlineData("up | jmespath(\"sum(@)\")", "another type")]
    public void Evaluate_WhatTheFunctionCannotTake_GivesNothingAndWarns(string inner, string message)
    {
        var context = TestFlow.Context(Client);
        Assert.True(Template.Parse("{{client." + inner + "}}").Evaluate(context).IsMissing);
        var warning = Assert.Single(context.Step!.Warnings);
        Assert.Equal("template.input", warning.Code);
        Assert.Contains(message, warning.Message);

        Assert.Equal("\"-\"", Template.Parse("{{client." + inner + " ?? '-'}}").Evaluate(context).ToJson());
        Assert.Equal("", Template.Parse("{{client." + inner + " | upper}}").EvaluateText(context, ValueEncoder.Url).ToText());
    }

    [Fact]
    public void Evaluate_MissingPath_WarnsAsWithoutFunctions()
    {
        var context = TestFlow.Context(Client);
        Assert.True(Template.Parse("{{client.missing | upper}}").Evaluate(context).IsMissing);
        Assert.True(Template.Parse("{{client.none | first}}").Evaluate(context).IsMissing);
        Assert.Equal(["template.missing", "template.missing"], context.Step!.Warnings.Select(warning => warning.Code));
    }

    [Theory]
    [InlineData("{{client.n | uper}}", "template.function", "upper")]
    [InlineData("{{client.n | }}", "template.function", "lower")]
    [InlineData("{{client.n || upper}}", "template.function", "lower")]
    [InlineData("{{client.n | upper(1)}}", "template.arguments", "upper")]
    [InlineData("{{client.n | upper(}}", "template.arguments", "upper")]
    [InlineData("{{client.n | join}}", "template.arguments", "join")]
    [InlineData("{{client.n | join(1)}}", "template.arguments", "join")]
    [InlineData("{{client.n | join(a)}}", "template.arguments", "join")]
    [InlineData("{{client.n | join(',', ',')}}", "template.arguments", "join")]
    [InlineData("{{client.n | slice}}", "template.arguments", "slice")]
    [InlineData("{{client.n | slice(1.5)}}", "template.arguments", "slice")]
    [InlineData("{{client.n | slice(1, 2, 3)}}", "template.arguments", "slice")]
    [InlineData("{{client.n | date('')}}", "template.arguments", "date")]
    [InlineData("{{client.n | date('%')}}", "template.arguments", "date")]
    [InlineData("{{client.n | jmespath('[')}}", "template.arguments", "jmespath")]
    [InlineData("{{client.n | lower", "template.syntax", "{{path | function}}")]
    [InlineData("{{| lower}}", "template.syntax", "{{path | function}}")]
    public void Parse_Wrong_IsReportedWithAdvice(string template, string code, string advice)
    {
        var problems = new DiagnosticBag();
        Template.Parse(template, SourceLocation.Root(null).At("x"), problems);
        var error = Assert.Single(problems.Items);
        Assert.Equal(code, error.Code);
        Assert.Equal("/x", error.Pointer);
        Assert.Contains(advice, error.Advice);
    }

    [Fact]
    public void Parse_MoreThanMayBe_IsRefused()
    {
        Assert.Equal("flow.too_large", CodeOf("{{client.n" + string.Concat(Enumerable.Repeat(" | lower", 9)) + "}}"));
        Assert.Null(CodeOf("{{client.n" + string.Concat(Enumerable.Repeat(" | lower", 8)) + "}}"));
        Assert.Equal("template.arguments", CodeOf("{{client.n | join('" + new string('x', 501) + "')}}"));
        Assert.Null(CodeOf("{{client.n | join('" + new string('x', 500) + "')}}"));
    }

    private static string? CodeOf(string template)
    {
        var problems = new DiagnosticBag();
        Template.Parse(template, SourceLocation.Root(null), problems);
        return problems.Items.SingleOrDefault()?.Code;
    }

    [Theory]
    [InlineData("hex", 2_000_000)]
    [InlineData("base64", 3_000_000)]
    [InlineData("base64url", 3_000_000)]
    [InlineData("percent", 1_333_333)]
    [InlineData("json", 3_999_998)]
    public void Evaluate_ResultIsBounded(string function, int most)
    {
        Assert.Equal(0, WarningsFor(most));
        Assert.Equal(1, WarningsFor(most + 2));

        int WarningsFor(int length)
        {
            var context = TestFlow.Context();
            context.SetScript("text", FlowValue.From(new string('x', length)));
            var value = Template.Parse("{{scripts.text | " + function + "}}").Evaluate(context);
            Assert.True(value.IsMissing || value.ToText().Length <= 4_000_000);
            return context.Step!.Warnings.Count(warning => warning.Message.Contains("4000000", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Evaluate_JoinOfMuch_IsBounded()
    {
        var context = TestFlow.Context();
        context.SetScript("list", FlowValue.Array(Enumerable.Repeat(FlowValue.From("x"), 10_000)));
        var separator = new string('-', 400);
        Assert.True(Template.Parse("{{scripts.list | join('" + separator + "')}}").Evaluate(context).IsMissing);
        Assert.Contains("4000000", context.Step!.Warnings.Single().Message);
    }

    [Fact]
    public void Evaluate_PartsOfAList_KeepTheirOwnMarks()
    {
        var context = TestFlow.Context();
        context.SetScript("mixed", FlowValue.Array([FlowValue.From("open"), FlowValue.From("secret").AsSensitive()]));
        context.SetScript("all", FlowValue.Array([FlowValue.From("a")]).AsSensitive());

        Assert.False(Of("mixed | first").IsSensitive);
        Assert.True(Of("mixed | last").IsSensitive);
        Assert.Equal("""["***"]""", Of("mixed | slice(1)").ToString());
        Assert.Equal("""["open"]""", Of("mixed | slice(0, 1)").ToString());
        Assert.True(Of("mixed | join(',')").IsSensitive);
        Assert.True(Of("mixed | size").IsSensitive);
        Assert.True(Of("mixed | jmespath('[0]')").IsSensitive);
        Assert.True(Of("all | first").IsSensitive);
        Assert.True(Of("all | slice(0)").IsSensitive);

        FlowValue Of(string inner) => Template.Parse("{{scripts." + inner + "}}").Evaluate(context);
    }

    private static readonly string[] Calls =
    [
        "lower",
        "upper",
        "trim",
        "join(', ')",
        "first",
        "last",
        "size",
        "json",
        "base64",
        "base64url",
        "hex",
        "sha256",
        "percent",
        "slice(0, 3)",
        "slice(-2)",
        "date('yyyy-MM-dd')",
        "jmespath('@')",
        "jmespath('*')",
        "jmespath('[*]')",
        "jmespath('to_string(@)')",
    ];

    [Fact]
    public void Evaluate_AnythingMarkedWithAnyFunctions_NeverThrowsAndStaysMarked() =>
        Gen.Select(Values(3), Gen.Int[0, Calls.Length - 1].Array[1, 8])
            .Sample(
                (value, calls) =>
                {
                    var context = TestFlow.Context();
                    context.SetScript("v", value.AsSensitive());
                    var template = Template.Parse("{{scripts.v" + string.Concat(calls.Select(call => " | " + Calls[call])) + "}}");
                    var result = template.Evaluate(context);
                    Assert.True(result.IsMissing || result.IsSensitive);
                    Assert.True(
                        template.EvaluateText(context, ValueEncoder.Url) is { } text && (text.IsSensitive || text.ToText().Length == 0)
                    );
                },
                iter: 2_000
            );

    private static Gen<FlowValue> Values(int depth)
    {
        var plain = Gen.OneOf(
            Gen.String[0, 12].Select(text => FlowValue.From(text)),
            Gen.Long.Select(number => FlowValue.From(number)),
            Gen.Double.Select(FlowValue.From),
            Gen.Bool.Select(FlowValue.From),
            Gen.Const(FlowValue.Null),
            Gen.Const(FlowValue.From("2026-02-03")),
            Gen.Const(FlowValue.FromNumberText("123456789012345678901234567890.5"))
        );
        return depth == 0
            ? plain
            : Gen.OneOf(
                plain,
                Values(depth - 1).Array[0, 4].Select(items => FlowValue.Array(items)),
                Gen.Select(Gen.String[0, 4], Values(depth - 1)).Array[0, 4].Select(ToObject)
            );
    }

    private static FlowValue ToObject((string Name, FlowValue Value)[] members)
    {
        var builder = new FlowObjectBuilder();
        foreach (var (name, value) in members)
            builder.Set(name, value);
        return FlowValue.From(builder.Build());
    }

    [Theory]
    [InlineData("""{ "a": "{{client.up | slice(0, 2)}}" }""", """{"a":"AB"}""")]
    [InlineData("""{ "a": "{{client.list | join(\", \")}}" }""", """{"a":"a, 1, , true"}""")]
    [InlineData("""{ "a": "{{client.list | join(\"\\\" \")}} }}" }""", """{"a":"a\" 1\" \" true }}"}""")]
    [InlineData("""{ "a": "{{client.missing ?? \"}} \\\\ \"}}" , "b": "\"" }""", """{"a":"}} \\ ","b":"\""}""")]
    [InlineData("""{ "a": "{{client.missing ?? "plain"}}" }""", """{"a":"plain"}""")]
    [InlineData("""{ "a": {{client.rows | jmespath("[*].id")}} }""", """{"a":[7,9]}""")]
    [InlineData("""{ "a": "{{client.rows | jmespath('[*].{n: {m: id}}') | size}}" }""", """{"a":2}""")]
    public void JsonText_FunctionsWithQuotes_EndWhereTheyEnd(string text, string expected)
    {
        var problems = new DiagnosticBag();
        var template = JsonTextTemplate.Parse(text, SourceLocation.Root(null), problems);
        Assert.Empty(problems.Items);
        Assert.Equal(expected, template.Evaluate(TestFlow.Context(Client)).ToJson());
    }

    [Fact]
    public void Translation_OfATextWithFunctions_TakesItsValues()
    {
        const string Source = "Hello {{client.rows | jmespath('[0].{a: {b: name}}') | json}}, {{client.up | lower}}!";
        var filled = Template.Parse(Source).EvaluateMasked(TestFlow.Context(Client));
        Assert.Equal("""Hello {"a":{"b":"x"}}, abc!""", filled.Text);
        Assert.Equal(
            """abc, {"a":{"b":"x"}}""",
            TextPlaces.Fill("{{client.up | lower}}, {{client.rows | jmespath('[0].{a: {b: name}}') | json}}", filled.Values)
        );
    }

    [Fact]
    public void All_HaveExamplesThatParse() =>
        Assert.All(
            TemplateFunctions.All,
            function =>
                Assert.StartsWith(
                    function.Name,
                    Template.Parse("{{client.x | " + function.Example + "}}").Source[13..],
                    StringComparison.Ordinal
                )
        );

    [Fact]
    public void Evaluate_WithoutFunctions_AllocatesNothingMore()
    {
        var context = TestFlow.Context(Client, trace: false);
        var template = Template.Parse("{{client.obj.a ?? 'x'}}");
        template.Evaluate(context);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            template.Evaluate(context);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Same(typeof(TemplateExpression), template.Parts[0].Expression!.GetType());
    }

    [Fact]
    public void Hash_IsOfTheUtf8Text() =>
        Assert.Equal(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(" Zoë 😀 "))),
            Template.Parse("{{client.text | sha256}}").Evaluate(TestFlow.Context(Client)).ToText()
        );
}
