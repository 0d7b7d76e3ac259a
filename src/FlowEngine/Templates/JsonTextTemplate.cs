using System.Text;
using System.Text.Json;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Json;

namespace FlowEngine.Templates;

/// <summary>
/// JSON written as text with templates in it, such as <c>{ "age": {{form.age}}, "name": "{{form.name}}" }</c>: it becomes the
/// <see cref="JsonTemplate"/> of the same structure, so that a value is a JSON
/// value whatever it holds and can never break out of its place. Stateless.
/// </summary>
public static class JsonTextTemplate
{
    /// <summary>Parses the text. Text that does not begin as an object or array is a template for one JSON value.</summary>
    public static JsonTemplate Parse(string text, SourceLocation at, DiagnosticBag problems)
    {
        var start = text.AsSpan().TrimStart();
        // "{{path}}" alone begins with a brace too.
        if (start.IsEmpty || start[0] is not ('{' or '[') || start.StartsWith("{{", StringComparison.Ordinal))
            return JsonTemplate.Parse(FlowValue.From(text), at, problems);

        try
        {
            return JsonTemplate.Parse(JsonReading.Parse(QuoteExpressions(text)), at, problems);
        }
        catch (JsonException error)
        {
            problems.Error(
                FlowErrors.Json,
                at,
                $"The text is not JSON: {error.Message}",
                "Correct it, write the JSON itself instead of a text, or use another body type."
            );
            return JsonTemplate.None;
        }
    }

    /// <summary>Puts quotes around the expressions that stand outside a JSON string, and escapes those inside one.</summary>
    private static string QuoteExpressions(string text)
    {
        var json = new StringBuilder(text.Length + 32);
        var inString = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            // "{{" outside a string is an expression when what follows can begin a path: an object in an object would need a name first.
            if (c == '{' && i + 1 < text.Length && text[i + 1] == '{' && TemplateParser.FindClose(text, i + 2) is var close and >= 0)
            {
                var expression = text[i..(close + 2)];
                if (inString)
                    expression = expression.Replace("\\\"", "\"", StringComparison.Ordinal);
                var quoted = JsonWriting.ToText(FlowValue.From(expression));
                json.Append(inString ? quoted.AsSpan(1, quoted.Length - 2) : quoted);
                i = close + 1;
                continue;
            }

            json.Append(c);
            if (c == '"')
                inString = !inString;
            else if (c == '\\' && inString && i + 1 < text.Length)
                json.Append(text[++i]);
        }
        return json.ToString();
    }
}
