using System.Text;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Templates;
using FlowEngine.Tests.Execution;
using FlowEngine.Tracing;

namespace FlowEngine.Tests.Tracing;

public sealed class RedactorTests
{
    private const string Secret = "s3cr€t \"pass\"+/word";

    public static TheoryData<string> Forms =>
        new(
            Secret,
            Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret)),
            Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret)).TrimEnd('=').Replace('+', '-').Replace('/', '_'),
            Uri.EscapeDataString(Secret),
            System.Net.WebUtility.UrlEncode(Secret),
            System.Net.WebUtility.HtmlEncode(Secret),
            FlowValue.From(Secret).ToJson()[1..^1]
        );

    [Theory]
    [MemberData(nameof(Forms))]
    public void Redact_AKnownSecretInAnyForm_MasksIt(string form)
    {
        var redactor = new Redactor([Secret]);
        var value = FlowValue.From(new FlowObjectBuilder().With("echo", $"before {form} after").With(form, "in a name").Build());

        var redacted = redactor.Redact(value).ToJson();

        Assert.DoesNotContain(FlowValue.From(form).ToJson()[1..^1], redacted, StringComparison.Ordinal);
        Assert.Contains("before *** after", redacted, StringComparison.Ordinal);
    }

    [Fact]
    public void Redact_SecretsThatOverlap_LeavesNothingOfEither()
    {
        var redactor = new Redactor(["abcd", "cdefgh", "ij-ij"]);
        Assert.Equal("x *** y ******", redactor.Redact("x abcdefgh y ij-ijij-ij"));
    }

    [Fact]
    public void Redact_MoreSecretsThanItLooksFor_MasksEveryText()
    {
        var redactor = new Redactor(Enumerable.Range(0, 1_001).Select(i => $"secret-{i}"));
        var redacted = redactor.Redact(FlowValue.Parse("""{ "echo": "before secret-7 after", "n": 1, "innocent": "text" }""")).ToJson();
        Assert.DoesNotContain("secret", redacted, StringComparison.Ordinal);
        Assert.DoesNotContain("text", redacted, StringComparison.Ordinal);
    }

    [Fact]
    public void Redact_MarkedValues_AreMaskedWholeWhateverTheirKind()
    {
        var redactor = new Redactor([]);

        Assert.Equal("\"***\"", redactor.Redact(FlowValue.From(7).AsSensitive()).ToJson());
        Assert.Equal("\"***\"", redactor.Redact(FlowValue.Parse("""{ "a": [ 1 ] }""").AsSensitive()).ToJson());
        Assert.Equal(
            """{"a":"***","b":1}""",
            redactor
                .Redact(
                    FlowValue.From(
                        new FlowObjectBuilder().With("a", FlowValue.From("x").AsSensitive()).With("b", FlowValue.From(1)).Build()
                    )
                )
                .ToJson()
        );
    }

    [Theory]
    [InlineData("$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g", "$argon2id$***")]
    [InlineData("$2b$12$EXRkfkdmXn2gzds2SSitu.MW9.gAVqa9eLS1//RYtYCmB1eLHg.9q", "$2b$12$***")]
    [InlineData("AQAAAAIAAYagAAAAEMbqNiPlmzwn0P9bnVXWe0kFnoHLVnSFXqyEJzVQ7kT2g5yqXJh8mVh1eO4q5r7W1A==", "AQAAAA***")]
    [InlineData("$6$rounds=5000$usesomesillystri$D4IrlXatmP7rx3P3InaxBeoomnAihCKRVQAr/36eKcI", "$6$***")]
    [InlineData("$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD", "$scrypt$***")]
    public void Redact_HashesOfPasswords_ShowTheirSchemeAlone(string hash, string shown)
    {
        var redacted = new Redactor([]).Redact(
            FlowValue.From(
                new FlowObjectBuilder()
                    .With("rows", FlowValue.From(FlowArray.Of(FlowValue.From(new FlowObjectBuilder().With("hash", hash).Build()))))
                    .Build()
            )
        );
        Assert.Equal($$"""{"rows":[{"hash":"{{shown}}"}]}""", redacted.ToJson());
        // What was redacted stays as it is.
        Assert.Equal(shown, new Redactor([]).Redact(shown));
    }

    [Theory]
    [InlineData("$5 is what it costs, or $10 with a hat")]
    [InlineData("$$ a text between dollar signs $$")]
    [InlineData("AQAAAA begins like a hash but is a sentence of more than sixty-four characters")]
    [InlineData("$price$")]
    [InlineData("eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1LTEifQ.c2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF0dXJl")]
    public void Redact_OtherTexts_AreShown(string text) => Assert.Equal(text, new Redactor([]).Redact(text));

    /// <summary>SPEC 4: a password keeps its mark through templates; SPEC 9:
    /// traces are redacted, also where an activity's result echoes it.</summary>
    [Fact]
    public async Task Trace_OfARunWithAPassword_HoldsItNowhere()
    {
        var plan = ProbeFlow.Plan(
            ProbeFlow.Json(
                "s",
                """
                { "id": "s", "type": "Screen", "screen": "in" },
                { "id": "p", "type": "Probe", "do": "ok", "contextKey": "p",
                  "value": { "joined": "user:{{form.pass}}", "object": "{{form}}" } },
                { "id": "end", "type": "End", "outputs": { "echo": "{{connectors.p.joined}}" } }
                """,
                "s.go>p; p.Success>end",
                """{ "id": "in", "components": [ { "type": "PasswordInput", "name": "pass" }, { "type": "Button", "id": "go" } ] }"""
            )
        );
        var run = await ProbeFlow.RunAsync(plan);
        await ProbeFlow.SubmitAsync(run, "go", """{ "pass": "hunter2-hunter2", "plainCopy": "hunter2-hunter2" }""");

        var redactor = run.RedactorFor([]);
        var trace = TraceWriter.ToValue(run.Trace!, redactor).ToJson();
        var context = redactor.Redact(run.Context.Snapshot()).ToJson();

        Assert.Equal("user:hunter2-hunter2", run.Context.Get(ContextRoot.Connectors).Get("p").Get("joined").ToText());
        Assert.DoesNotContain("hunter2", trace, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", context, StringComparison.Ordinal);
        Assert.Contains("\"joined\":\"***\"", trace, StringComparison.Ordinal);
    }

    [Fact]
    public void Redact_ValueWithoutAnyOfTheSecrets_MakesNoCopy()
    {
        var redactor = new Redactor(["secret-one"]);
        var clean = FlowValue.Parse("""{ "a": [ 1, "x", null, { "b": [ "secret", { "c": true } ] } ] }""");
        redactor.Redact(clean);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var redacted = redactor.Redact(clean);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
        Assert.Equal(clean, redacted);
    }

    [Theory]
    [InlineData("""{ "a": [ { "b": "has secret-one in it" } ], "c": 1 }""", """{ "a": [ { "b": "has *** in it" } ], "c": 1 }""")]
    [InlineData("""{ "a": { "secret-one": 1 } }""", """{ "a": { "***": 1 } }""")]
    [InlineData("""[ "x", [ [ "c2VjcmV0LW9uZQ==" ] ] ]""", """[ "x", [ [ "***" ] ] ]""")]
    public void Redact_SecretDeepInAValue_IsFound(string value, string expected) =>
        Assert.Equal(FlowValue.Parse(expected), new Redactor(["secret-one"]).Redact(FlowValue.Parse(value)));

    [Fact]
    public void Redact_WithoutSecrets_ChangesNothing()
    {
        var value = FlowValue.Parse("""{ "a": [ 1, "x", null, { "b": true } ] }""");

        Assert.Equal(value, new Redactor([]).Redact(value));
    }
}

internal static class FlowObjectBuilderExtensions
{
    public static FlowObjectBuilder With(this FlowObjectBuilder builder, string name, FlowValue value)
    {
        builder.Set(name, value);
        return builder;
    }

    public static FlowObjectBuilder With(this FlowObjectBuilder builder, string name, string text) =>
        builder.With(name, FlowValue.From(text));
}
