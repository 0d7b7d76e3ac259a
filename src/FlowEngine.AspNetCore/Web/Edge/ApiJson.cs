using FlowEngine.Context;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Edge;

/// <summary>Stateless: the words that answers are made of.</summary>
internal static class ApiJson
{
    /// <summary>An object; members that are missing are left out.</summary>
    public static FlowValue Object(params ReadOnlySpan<(string Name, FlowValue Value)> members)
    {
        var builder = new FlowObjectBuilder(members.Length);
        foreach (var (name, value) in members)
        {
            if (!value.IsMissing)
                builder.Set(name, value);
        }
        return FlowValue.From(builder.Build());
    }

    /// <summary>An array.</summary>
    public static FlowValue Array(params IEnumerable<FlowValue> items) => FlowValue.From(FlowArray.From(items));

    /// <summary>An array of texts.</summary>
    public static FlowValue Texts(params IEnumerable<string> texts) => Array(texts.Select(FlowValue.From));

    /// <summary>A text or null.</summary>
    public static FlowValue Text(string? text) => FlowValue.From(text);

    /// <summary>A number or null.</summary>
    public static FlowValue Number(long? number) => number is { } value ? FlowValue.From(value) : FlowValue.Null;

    /// <summary>A time: ISO 8601 in UTC.</summary>
    public static FlowValue Time(UnixTime time) => FlowValue.From(UnixTimeConverter.ToText(time));
}
