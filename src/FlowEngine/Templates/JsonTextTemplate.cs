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
            if (c == '{' && i + 1 < text.Length && text[i + 1] == '{' && TryExpression(text, i, inString, out var expression, out var end))
            {
                var quoted = JsonWriting.ToText(FlowValue.From(expression));
                json.Append(inString ? quoted.AsSpan(1, quoted.Length - 2) : quoted);
                i = end - 1;
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

    /// <summary>The expression that begins there, as it is written outside of JSON.</summary>
    private static bool TryExpression(string text, int open, bool inString, out string expression, out int end)
    {
        end = inString ? FindEscapedClose(text, open + 2) : -1;
        if (end >= 0)
        {
            end += 2;
            expression = Unescape(text[open..end]);
            return true;
        }
        end = TemplateParser.FindClose(text, open + 2) + 2;
        expression = end < 2 ? "" : text[open..end];
        return end >= 2;
    }

    /// <summary>The closing braces of an expression in whose place in a JSON string each quote and backslash has a backslash before it; -1
    /// when the string ends before.</summary>
    private static int FindEscapedClose(string text, int position)
    {
        var quote = '\0';
        for (var i = position; i < text.Length; i++)
        {
            var isEscaped = text[i] == '\\' && i + 1 < text.Length;
            var c = isEscaped ? text[++i] : text[i];
            if (c == '"' && !isEscaped)
                return -1;
            if (quote == '\0')
            {
                if (c is '"' or '\'')
                    quote = c;
                else if (c == '}' && !isEscaped && i + 1 < text.Length && text[i + 1] == '}')
                    return i;
            }
            else if (c == quote)
            {
                quote = '\0';
            }
            else if (c == '\\' && isEscaped && i + 1 < text.Length)
            {
                // The character behind a backslash of the expression's own, escaped for JSON or not.
                i += text[i + 1] == '\\' && i + 2 < text.Length ? 2 : 1;
            }
        }
        return -1;
    }

    private static string Unescape(string expression)
    {
        var text = new StringBuilder(expression.Length);
        for (var i = 0; i < expression.Length; i++)
        {
            if (expression[i] == '\\' && i + 1 < expression.Length && expression[i + 1] is '"' or '\\')
                i++;
            text.Append(expression[i]);
        }
        return text.ToString();
    }
}
