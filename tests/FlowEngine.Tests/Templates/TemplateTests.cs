using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Templates;

namespace FlowEngine.Tests.Templates;

public sealed class TemplateTests
{
    private const string Client =
        """{"text":"é\"<&>","n":404,"f":1.50,"big":12345678901234567890,"yes":true,"no":false,"nothing":null,"list":"""
        + """[1,"a",null],"obj":{"a":1,"b":[]},"empty":"","braces":"{{client.n}}"}""";

    [Theory]
    [InlineData("{{client.text}}", "\"é\\\"<&>\"")]
    [InlineData("{{client.n}}", "404")]
    [InlineData("{{ client.n }}", "404")]
    [InlineData("{{client.f}}", "1.5")]
    [InlineData("{{client.big}}", "12345678901234567890")]
    [InlineData("{{client.yes}}", "true")]
    [InlineData("{{client.nothing}}", "null")]
    [InlineData("{{client.list}}", "[1,\"a\",null]")]
    [InlineData("{{client.obj}}", "{\"a\":1,\"b\":[]}")]
    [InlineData("{{client.braces}}", "\"{{client.n}}\"")]
    public void Evaluate_ExactlyOneExpression_KeepsTheType(string template, string expected) =>
        Assert.Equal(expected, Template.Parse(template).Evaluate(TestFlow.Context(Client)).ToJson());

    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData(" {{client.n}}", " 404")]
    [InlineData("{{client.n}} ", "404 ")]
    [InlineData("<{{client.text}}>", "<é\"<&>>")]
    [InlineData("{{client.n}}{{client.n}}", "404404")]
    [InlineData("a{{client.yes}}b{{client.no}}c", "atruebfalsec")]
    [InlineData("a{{client.nothing}}b", "ab")]
    [InlineData("a{{client.none}}b", "ab")]
    [InlineData("a{{client.empty}}b", "ab")]
    [InlineData("a{{client.list}}b", "a[1,\"a\",null]b")]
    [InlineData("a{{client.obj}}b", "a{\"a\":1,\"b\":[]}b")]
    [InlineData("a{{client.big}}b", "a12345678901234567890b")]
    [InlineData("a{{client.braces}}b", "a{{client.n}}b")]
    [InlineData("\\{{client.n}}", "{{client.n}}")]
    [InlineData("a \\{{ b {{client.n}}", "a {{ b 404")]
    [InlineData("a } b }} c { d", "a } b }} c { d")]
    [InlineData("{ {{client.n}} }", "{ 404 }")]
    public void Evaluate_AnythingElse_BecomesText(string template, string expected)
    {
        var value = Template.Parse(template).Evaluate(TestFlow.Context(Client));
        Assert.True(value.TryGetText(out var text));
        Assert.Equal(expected, text);
    }

    [Theory]
    [InlineData("{{client.none ?? \"x\"}}", "\"x\"")]
    [InlineData("{{client.nothing ?? \"x\"}}", "\"x\"")]
    [InlineData("{{client.none??\"x\"}}", "\"x\"")]
    [InlineData("{{client.none ?? 'x'}}", "\"x\"")]
    [InlineData("{{client.none ?? \"\"}}", "\"\"")]
    [InlineData("{{client.none ?? \"a }} b\"}}", "\"a }} b\"")]
    [InlineData("{{client.none ?? \"a \\\" ?? b\"}}", "\"a \\\" ?? b\"")]
    [InlineData("{{client.none ?? 5}}", "5")]
    [InlineData("{{client.none ?? false}}", "false")]
    [InlineData("{{client.none ?? null}}", "null")]
    [InlineData("{{client.empty ?? \"x\"}}", "\"\"")]
    [InlineData("{{client.no ?? \"x\"}}", "false")]
    [InlineData("{{client.n ?? \"x\"}}", "404")]
    [InlineData("{{client.a[\"?? odd\"] ?? 1}}", "1")]
    [InlineData("<{{client.none ?? \"x\"}}>", "\"<x>\"")]
    public void Evaluate_Fallback_StandsInForNullOrMissing(string template, string expected)
    {
        var context = TestFlow.Context(Client);
        Assert.Equal(expected, Template.Parse(template).Evaluate(context).ToJson());
        Assert.Empty(context.Step!.Warnings);
    }

    [Fact]
    public void Evaluate_MissingWithoutFallback_WarnsInTheTrace()
    {
        var context = TestFlow.Context(Client);
        Assert.True(Template.Parse("{{client.none.x}}").Evaluate(context).IsMissing);
        Template.Parse("a{{client.other}}").Evaluate(context);
        Template.Parse("{{client.nothing}}").Evaluate(context);
        Assert.Equal(["template.missing", "template.missing"], context.Step!.Warnings.Select(w => w.Code));
        Assert.Contains("client.none.x", context.Step.Warnings[0].Message);
    }

    [Theory]
    [InlineData("{{")]
    [InlineData("{{client.n")]
    [InlineData("{{}}")]
    [InlineData("{{ }}")]
    [InlineData("{{client.n}")]
    [InlineData("{{client..n}}")]
    [InlineData("{{client.n ?? }}")]
    [InlineData("{{client.n ?? x}}")]
    [InlineData("{{client.n ?? [1]}}")]
    [InlineData("{{client.n ?? {}}}")]
    [InlineData("{{client.n + 1}}")]
    [InlineData("{{{client.n}}}")]
    [InlineData("{{nowhere.x}}")]
    [InlineData("ok {{client.n}} {{")]
    public void Parse_Wrong_IsReported(string template)
    {
        var problems = new DiagnosticBag();
        Template.Parse(template, SourceLocation.Root(null).At("x"), problems);
        var error = Assert.Single(problems.Items);
        Assert.Equal(template.Contains("nowhere", StringComparison.Ordinal) ? "template.unknown_root" : "template.syntax", error.Code);
        Assert.Equal("/x", error.Pointer);
        Assert.NotEmpty(error.Advice);
    }

    [Theory]
    [InlineData("/users/{{client.text}}?n={{client.n}}", "/users/%C3%A9%22%3C%26%3E?n=404")]
    [InlineData("{{client.list}}", "%5B1%2C%22a%22%2Cnull%5D")]
    public void EvaluateText_Url_EncodesValuesAndNotTheText(string template, string expected) =>
        Assert.Equal(expected, Template.Parse(template).EvaluateText(TestFlow.Context(Client), ValueEncoder.Url).ToText());

    [Fact]
    public void EvaluateText_Html_EncodesValuesAndNotTheText() =>
        Assert.Equal(
            "<b>&#xE9;&quot;&lt;&amp;&gt;</b>",
            Template.Parse("<b>{{client.text}}</b>").EvaluateText(TestFlow.Context(Client), ValueEncoder.Html).ToText()
        );

    [Fact]
    public void Evaluate_SensitiveValue_MarksWhateverItIsPartOf()
    {
        var context = TestFlow.Context(Client);
        context.SetScript(
            "s",
            FlowValue.Parse("""{"open":1,"deep":{"list":["x"]}}""").With("secret", FlowValue.From("hunter2").AsSensitive())
        );

        Assert.True(Template.Parse("{{scripts.s.secret}}").Evaluate(context).IsSensitive);
        Assert.True(Template.Parse("Bearer {{scripts.s.secret}}").Evaluate(context).IsSensitive);
        Assert.True(Template.Parse("Bearer {{scripts.s.secret}}").EvaluateText(context, ValueEncoder.Url).IsSensitive);
        Assert.True(Template.Parse("{{scripts.s.secret}}").EvaluateText(context, ValueEncoder.Url).IsSensitive);
        Assert.True(Template.Parse("a {{scripts.s}} b").Evaluate(context).IsSensitive);
        Assert.True(Template.Parse("{{scripts.s}}").Evaluate(context).ContainsSensitive());
        Assert.False(Template.Parse("{{scripts.s.open}}").Evaluate(context).IsSensitive);
        Assert.False(Template.Parse("{{client.n}} {{scripts.s.open}}").Evaluate(context).IsSensitive);

        var json = JsonTemplate.Parse(
            FlowValue.Parse("""{"a":["x {{scripts.s.secret}}"],"b":"{{scripts.s.open}}"}"""),
            SourceLocation.Root(null),
            new DiagnosticBag()
        );
        Assert.Equal("""{"a":["***"],"b":1}""", json.Evaluate(context).ToString());
        Assert.Equal("""{"a":["x hunter2"],"b":1}""", json.Evaluate(context).ToJson());
    }

    [Fact]
    public void JsonTemplate_KeepsTypesAndShape()
    {
        var problems = new DiagnosticBag();
        var template = JsonTemplate.Parse(
            FlowValue.Parse(
                """{"n":"{{client.n}}","t":"#{{client.n}}","list":["{{client.list}}",1,true,null],"none":"{{client.none}}","fix":"""
                    + """{"a":[1]}, "{{key}}":1}"""
            ),
            SourceLocation.Root(null),
            problems
        );
        Assert.Empty(problems.Items);
        Assert.Equal(
            """{"n":404,"t":"#404","list":[[1,"a",null],1,true,null],"fix":{"a":[1]},"{{key}}":1}""",
            template.Evaluate(TestFlow.Context(Client)).ToJson()
        );
    }

    [Fact]
    public void JsonTemplate_SeveralProblems_EachHasItsPointer()
    {
        var problems = new DiagnosticBag();
        JsonTemplate.Parse(FlowValue.Parse("""{"a":["{{x.y}}"],"b/c":{"d":"{{"}}"""), SourceLocation.Root(null), problems);
        Assert.Equal(["/a/0", "/b~1c/d"], problems.Items.Select(p => p.Pointer));
    }

    [Fact]
    public void Evaluate_Literal_IsSharedAndAllocatesNothing()
    {
        var template = Template.Parse("plain text");
        var path = Template.Parse("{{client.obj.a}}");
        var context = TestFlow.Context(Client, trace: false);
        path.Evaluate(context);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            template.Evaluate(context);
            path.Evaluate(context);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}

file static class SensitiveMembers
{
    public static FlowValue With(this FlowValue value, string name, FlowValue member) =>
        FlowValue.From(value.TryGetObject(out var obj) ? obj.With(name, member) : FlowObject.Empty);
}
