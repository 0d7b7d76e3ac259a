using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Json;
using FlowEngine.Tracing;

namespace FlowEngine.Tests.Tracing;

/// <summary>What is told of a step is what its properties say, which the API's document is made of.</summary>
public sealed class TraceStepTests
{
    [Fact]
    public void ToValue_AStepWithEverything_HasEachMemberThatItDescribes()
    {
        var told = TraceWriter.ToValue([Full()], new Redactor([]), new TraceRoom(200)).Get(0);

        told.TryGetObject(out var members);
        // What a person submitted is told apart from its screen in what is stored: there it began then. Lineage is made when it is read.
        Assert.Equal(Described().Where(name => name is not ("submittedAt" or "lineage")).Order(), members!.Shape.Names.ToArray().Order());
    }

    [Fact]
    public void ToValue_WithoutRoom_IsTheBareStep()
    {
        var told = TraceWriter.ToValue([Full()], new Redactor([]), new TraceRoom(-1)).Get(0);

        told.TryGetObject(out var members);
        Assert.Equal(["activity", "type", "startedAt", "durationMs", "outcome", "truncated"], members!.Shape.Names.ToArray());
    }

    [Fact]
    public void ToValue_AnEmptyStep_HasWhatIsAlwaysToldAndNothingElse()
    {
        var told = TraceWriter.ToValue([new TraceStep("a", "Test", TimeProvider.System)], new Redactor([])).Get(0);

        told.TryGetObject(out var members);
        Assert.Equal(["activity", "type", "startedAt", "durationMs"], members!.Shape.Names.ToArray());
    }

    [Fact]
    public void ToValue_Secrets_AreInNoMember()
    {
        const string secret = "hunter2-hunter2";
        var step = Full(secret);

        Assert.DoesNotContain(secret, JsonWriting.ToText(TraceWriter.ToValue([step], new Redactor([secret]))), StringComparison.Ordinal);
    }

    /// <summary>The members that the document of the API has.</summary>
    private static IEnumerable<string> Described() =>
        new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        }
            .GetTypeInfo(typeof(TraceStep))
            .Properties.Where(property =>
                property.AttributeProvider!.GetCustomAttributes(typeof(JsonIgnoreAttribute), false)
                    is not [JsonIgnoreAttribute { Condition: JsonIgnoreCondition.Always }]
            )
            .Select(property => property.Name);

    /// <summary>A step of which each property is set, those of tomorrow too. Texts and values are the one given.</summary>
    private static TraceStep Full(string text = "much more than there is room for, and so it is cut somewhere")
    {
        var step = new TraceStep("a", "Test", TimeProvider.System);
        foreach (var property in typeof(TraceStep).GetProperties().Where(property => property.SetMethod is not null))
        {
            var value =
                property.PropertyType == typeof(bool) ? true
                : property.PropertyType == typeof(int) ? 2
                : property.PropertyType == typeof(string) && property.Name != nameof(TraceStep.Outcome) ? text
                : property.PropertyType == typeof(string) ? "Done"
                : property.PropertyType == typeof(FlowValue) ? FlowValue.Parse($$"""{ "of": "{{property.Name}}", "text": "{{text}}" }""")
                : property.PropertyType == typeof(FlowError) ? new FlowError("test.code", text)
                : property.PropertyType == typeof(TimeSpan) ? TimeSpan.FromMilliseconds(1)
                : property.PropertyType == typeof(DateTimeOffset?) ? DateTimeOffset.UnixEpoch
                : (object?)null;
            Assert.True(value is not null, $"A step has a {property.PropertyType}, which this test cannot make.");
            property.SetMethod!.Invoke(step, BindingFlags.DoNotWrapExceptions, null, [value], null);
        }
        step.IsTruncated = false;
        step.Warn(FlowErrors.State, text);
        step.AddWrite("form");
        step.AddChild(new TraceStep("a/b", "Test", TimeProvider.System));
        return step;
    }
}
