using System.Text;

namespace FlowEngine.AspNetCore.Web.Screens;

/// <summary>Shared and immutable: a text with places for values,
/// <c>We do not know {{form.email}}.</c>, that recognises texts made from it.</summary>
internal sealed class TextPattern
{
    private readonly string[] _literals;
    private readonly string[] _names;

    private TextPattern(string[] literals, string[] names)
    {
        _literals = literals;
        _names = names;
    }

    /// <summary>Reads a pattern; null for a text without places, or with nothing else.</summary>
    public static TextPattern? Parse(string text)
    {
        var (literals, names) = Split(text);
        return names.Count > 0 && literals.Exists(literal => literal.Length > 0) ? new([.. literals], [.. names]) : null;
    }

    /// <summary>Takes the values out of a text and puts them into its translation.</summary>
    /// <param name="text">A text that may have been made from this pattern.</param>
    /// <param name="translation">The translation, with the same names.</param>
    /// <param name="translateLabel">Translates a value that is a label of the flow itself.</param>
    /// <returns>The translated text; null when the text was not made from this pattern.</returns>
    public string? TryFill(string text, string translation, Func<string, string> translateLabel)
    {
        var first = _literals[0];
        var last = _literals[^1];
        if (
            text.Length < first.Length + last.Length
            || !text.StartsWith(first, StringComparison.Ordinal)
            || !text.EndsWith(last, StringComparison.Ordinal)
        )
            return null;

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var position = first.Length;
        for (var i = 0; i < _names.Length; i++)
        {
            var isLast = i == _names.Length - 1;
            var end = isLast ? text.Length - last.Length : text.IndexOf(_literals[i + 1], position, StringComparison.Ordinal);
            if (end < position)
                return null;
            var value = text[position..end];
            values.TryAdd(_names[i], _names[i] == "label" ? translateLabel(value) : value);
            position = end + _literals[i + 1].Length;
        }

        var (literals, names) = Split(translation);
        var filled = new StringBuilder(literals[0]);
        for (var i = 0; i < names.Count; i++)
            filled.Append(values.GetValueOrDefault(names[i])).Append(literals[i + 1]);
        return filled.ToString();
    }

    private static (List<string> Literals, List<string> Names) Split(string text)
    {
        List<string> literals = [],
            names = [];
        var position = 0;
        while (
            text.IndexOf("{{", position, StringComparison.Ordinal) is var open and >= 0
            && text.IndexOf("}}", open, StringComparison.Ordinal) is var close and >= 0
        )
        {
            literals.Add(text[position..open]);
            names.Add(text[(open + 2)..close].Trim());
            position = close + 2;
        }
        literals.Add(text[position..]);
        return (literals, names);
    }
}
