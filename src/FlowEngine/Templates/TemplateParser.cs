using System.Text;
using System.Text.Json;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Json;
using FlowEngine.Model;

namespace FlowEngine.Templates;

/// <summary>Splits a template into its parts. Stateless.</summary>
internal static class TemplateParser
{
    public static bool TryParse(string source, SourceLocation at, DiagnosticBag problems, out TemplatePart[] parts)
    {
        var list = new List<TemplatePart>();
        var literal = new StringBuilder();
        var position = 0;
        var expressions = 0;
        parts = [];

        while (position < source.Length)
        {
            var open = source.IndexOf("{{", position, StringComparison.Ordinal);
            if (open < 0)
            {
                literal.Append(source, position, source.Length - position);
                break;
            }

            if (open > 0 && source[open - 1] == '\\')
            {
                literal.Append(source, position, open - 1 - position).Append("{{");
                position = open + 2;
                continue;
            }

            literal.Append(source, position, open - position);
            var close = FindClose(source, open + 2);
            if (close < 0)
            {
                problems.Error(FlowErrors.Template, at, $"The {{{{ at character {open + 1} has no }}}}.");
                return false;
            }

            if (!TryParseExpression(source[(open + 2)..close], at, problems, out var expression))
                return false;
            if (++expressions > FlowLimits.Templates)
            {
                problems.Error(FlowErrors.TooLarge, at, $"The text has more than {FlowLimits.Templates} templates.");
                return false;
            }
            if (literal.Length > 0)
                list.Add(new TemplatePart(literal.ToString(), null));
            literal.Clear();
            list.Add(new TemplatePart(null, expression));
            position = close + 2;
        }

        if (literal.Length > 0)
            list.Add(new TemplatePart(literal.ToString(), null));
        parts = [.. list];
        // When all of it is right: what is refused reads nothing.
        if (problems.OnRead is { } read)
        {
            foreach (var part in parts)
            {
                if (part.Expression is { } expression)
                    read(expression.Path.ReadAt(at, expression.HasFallback ? PathUse.WithFallback : PathUse.Value));
            }
        }
        return true;
    }

    /// <summary>The position of the closing braces, skipping those inside quotes; -1 when there are none.</summary>
    internal static int FindClose(string source, int position) => FindOutsideQuotes(source, position, '}');

    /// <summary>The position of a character that stands twice in a row and not inside quotes; -1 when there is none.</summary>
    private static int FindOutsideQuotes(string source, int position, char doubled)
    {
        var quote = '\0';
        for (var i = position; i < source.Length; i++)
        {
            var c = source[i];
            if (quote != '\0')
            {
                if (c == '\\')
                    i++;
                else if (c == quote)
                    quote = '\0';
            }
            else if (c is '"' or '\'')
            {
                quote = c;
            }
            else if (c == doubled && i + 1 < source.Length && source[i + 1] == doubled)
            {
                return i;
            }
        }
        return -1;
    }

    private static bool TryParseExpression(string text, SourceLocation at, DiagnosticBag problems, out TemplateExpression? expression)
    {
        expression = null;
        var pathText = text;
        var fallback = FlowValue.Missing;

        var separator = FindOutsideQuotes(text, 0, '?');
        if (separator >= 0)
        {
            pathText = text[..separator];
            if (!TryParseFallback(text[(separator + 2)..], out fallback))
            {
                problems.Error(
                    FlowErrors.Template,
                    at,
                    $"The fallback in {{{{{text}}}}} is not a text in quotes, a number, true, false or null."
                );
                return false;
            }
        }

        if (!ContextPath.TryParse(pathText.Trim(), problems.LocalRoots, out var path, out var problem))
        {
            problems.Error(problem!.IsUnknownRoot ? FlowErrors.TemplateRoot : FlowErrors.Template, at, problem.Message);
            return false;
        }
        expression = new TemplateExpression(path!, fallback);
        return true;
    }

    private static bool TryParseFallback(string text, out FlowValue fallback)
    {
        fallback = FlowValue.Missing;
        text = text.Trim();
        if (text.Length >= 2 && text[0] == '\'' && text[^1] == '\'')
        {
            fallback = FlowValue.From(text[1..^1]);
            return true;
        }

        try
        {
            fallback = JsonReading.Parse(text);
        }
        catch (JsonException)
        {
            return false;
        }
        return fallback.Kind is not (FlowValueKind.Array or FlowValueKind.Object);
    }
}
