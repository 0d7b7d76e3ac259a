using System.Globalization;
using FlowEngine.Errors;

namespace FlowEngine.HttpConnector.Wire;

/// <summary>Shared and immutable: status codes given as codes (<c>404</c>) and classes (<c>2xx</c>).</summary>
internal sealed class StatusCodeSet
{
    private readonly bool[] _codes = new bool[1000];

    private StatusCodeSet() { }

    public bool Contains(int statusCode) => (uint)statusCode < (uint)_codes.Length && _codes[statusCode];

    /// <summary>Reads the list; what is neither code nor class, nor one of the other words, is reported.</summary>
    public static StatusCodeSet Parse(
        IReadOnlyList<string> items,
        SourceLocation at,
        DiagnosticBag problems,
        params ReadOnlySpan<string> otherWords
    )
    {
        var set = new StatusCodeSet();
        for (var i = 0; i < items.Count; i++)
        {
            var item = items[i];
            if (item.Length == 3 && item[0] is >= '1' and <= '9' && item[1..].Equals("xx", StringComparison.OrdinalIgnoreCase))
                set._codes.AsSpan((item[0] - '0') * 100, 100).Fill(true);
            else if (int.TryParse(item, NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code is >= 100 and <= 999)
                set._codes[code] = true;
            else if (!otherWords.Contains(item))
                problems.Error(
                    FlowErrors.Value,
                    at.At(i),
                    $"'{item}' is not a status code.",
                    "Write a code such as \"404\" or a class such as \"5xx\"."
                );
        }
        return set;
    }
}
