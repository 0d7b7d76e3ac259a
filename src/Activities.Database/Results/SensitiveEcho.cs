using FlowEngine.Context;

namespace FlowEngine.Database.Results;

/// <summary>Per query and single-threaded: finds the sensitive parameters of a query again in what it returns, so that a value which comes
/// back keeps its mark (SPEC 4).</summary>
internal sealed class SensitiveEcho
{
    private readonly List<string> _texts;

    private SensitiveEcho(List<string> texts) => _texts = texts;

    /// <summary>The sensitive parameters; null when there are none.</summary>
    public static SensitiveEcho? Of(FlowValue[] parameters)
    {
        List<string>? texts = null;
        foreach (ref readonly var parameter in parameters.AsSpan())
        {
            if (parameter.ContainsSensitive())
                Collect(parameter, texts ??= []);
        }
        return texts is null ? null : new SensitiveEcho(texts);
    }

    /// <summary>The value, marked when it holds a sensitive parameter's text.</summary>
    public FlowValue Mark(FlowValue value)
    {
        if (value.IsNothing || _texts.Count == 0)
            return value;
        var text = value.ToText();
        return value.WithSensitive(_texts.Exists(sensitive => text.Contains(sensitive, StringComparison.Ordinal)));
    }

    private static void Collect(FlowValue value, List<string> texts)
    {
        if (value.TryGetArray(out var array))
        {
            foreach (var item in array)
                Collect(item, texts);
        }
        else if (value.TryGetObject(out var obj))
        {
            foreach (var (_, member) in obj)
                Collect(member, texts);
        }
        else if (value.Kind is FlowValueKind.String or FlowValueKind.Number && value.ToText() is { Length: > 0 } text)
        {
            texts.Add(text);
        }
    }
}
