using System.Text;
using FlowEngine.Context;

namespace FlowEngine.Templates;

/// <summary>The places for values in a text that people write, <c>We do not know {{form.email}}.</c> Stateless.</summary>
public static class TextPlaces
{
    /// <summary>The names of the places, in order.</summary>
    public static IReadOnlyList<string> Names(string text) => Split(text).Names;

    /// <summary>The text as its translations are found by: blanks inside the braces do not count.</summary>
    public static string Normalize(string text)
    {
        var (literals, names) = Split(text);
        if (names.Count == 0)
            return text;
        var written = new StringBuilder(literals[0]);
        for (var i = 0; i < names.Count; i++)
            written.Append("{{").Append(names[i]).Append("}}").Append(literals[i + 1]);
        return written.ToString();
    }

    /// <summary>Puts values into the places of a text; nothing where there is none of that name. A value is never taken for a
    /// place.</summary>
    /// <param name="text">The text.</param>
    /// <param name="values">The values by name.</param>
    public static string Fill(string text, FlowObject values)
    {
        var (literals, names) = Split(text);
        if (names.Count == 0)
            return text;
        var filled = new StringBuilder(literals[0]);
        for (var i = 0; i < names.Count; i++)
            filled.Append(values.Get(names[i]).ToText()).Append(literals[i + 1]);
        return filled.ToString();
    }

    private static (List<string> Literals, List<string> Names) Split(string text)
    {
        List<string> literals = [],
            names = [];
        var (position, from) = (0, 0);
        while (text.IndexOf("{{", from, StringComparison.Ordinal) is var open and >= 0)
        {
            // As in templates, a backslash before the braces makes them a text.
            if (open > 0 && text[open - 1] == '\\')
            {
                from = open + 2;
                continue;
            }
            if (TemplateParser.FindClose(text, open + 2) is not (var close and >= 0))
                break;
            literals.Add(text[position..open]);
            names.Add(text[(open + 2)..close].Trim());
            position = from = close + 2;
        }
        literals.Add(text[position..]);
        return (literals, names);
    }
}
