using FlowEngine.Context;

namespace FlowEngine.Templates;

/// <summary>Shared and immutable: a text that was made from a template, and what it was made of, so that it can be said in another
/// language.</summary>
/// <param name="Text">The text.</param>
/// <param name="Source">The template as written; "" for a text that was made from none.</param>
/// <param name="Values">What was put into its places, as text by name.</param>
public sealed record FilledText(string Text, string Source, FlowObject Values)
{
    private static readonly FlowShape Shape = FlowShape.Of("text", "source", "values");

    /// <summary>The empty text.</summary>
    public static FilledText Empty { get; } = Plain("");

    /// <summary>Whether there is anything in it that a translation has to take over.</summary>
    internal bool HasValues => Values.Count > 0;

    /// <summary>A text that was made from no template.</summary>
    public static FilledText Plain(string text) => new(text, "", FlowObject.Empty);

    /// <summary>The text as <c>{ text, source, values }</c>.</summary>
    public FlowValue ToValue() => FlowValue.From(Shape.With(FlowValue.From(Text), FlowValue.From(Source), FlowValue.From(Values)));

    /// <summary>Reads what <see cref="ToValue"/> wrote; null for anything else.</summary>
    public static FilledText? FromValue(FlowValue value) =>
        value.Get("text").TryGetText(out var text)
        && value.Get("source").TryGetText(out var source)
        && value.Get("values").TryGetObject(out var values)
            ? new FilledText(text, source, values)
            : null;
}
