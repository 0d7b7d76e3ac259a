using System.Text;
using System.Text.Json;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Json;
using FlowEngine.Model;
using FlowEngine.Settings;

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
            var place = 0;
            foreach (var part in parts)
            {
                if (part.Expression is not { } expression)
                    continue;
                var use = expression.HasFallback || problems.HasStandIn ? PathUse.WithFallback : PathUse.Value;
                read(expression.Path.ReadAt(at, use) with { Text = source, Place = place++ });
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

        var pieces = SplitOutsideQuotes(pathText, '|');
        if (!ContextPath.TryParse(pieces[0].Trim(), problems.LocalRoots, out var path, out var problem))
        {
            problems.Error(problem!.IsUnknownRoot ? FlowErrors.TemplateRoot : FlowErrors.Template, at, problem.Message);
            return false;
        }
        if (pieces.Count == 1)
        {
            expression = new TemplateExpression(path!, fallback);
            return true;
        }
        if (!TryParseCalls(pieces, at, problems, out var calls))
            return false;
        expression = new PipedExpression(path!, calls, fallback);
        return true;
    }

    private static bool TryParseCalls(List<string> pieces, SourceLocation at, DiagnosticBag problems, out FunctionCall[] calls)
    {
        calls = new FunctionCall[pieces.Count - 1];
        if (calls.Length > TemplateFunctions.MaxCalls)
        {
            problems.Error(FlowErrors.TooLarge, at, $"More than {TemplateFunctions.MaxCalls} functions stand behind {pieces[0].Trim()}.");
            return false;
        }
        for (var i = 0; i < calls.Length; i++)
        {
            if (ParseCall(pieces[i + 1].Trim(), at, problems) is not { } call)
                return false;
            calls[i] = call;
        }
        return true;
    }

    private static FunctionCall? ParseCall(string text, SourceLocation at, DiagnosticBag problems)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        var name = (open < 0 ? text : text[..open]).TrimEnd();
        if (TemplateFunctions.Find(name) is not { } function)
        {
            var names = TemplateFunctions.All.Select(known => known.Name);
            problems.Error(FlowErrors.TemplateFunction, at, $"There is no function '{name}'.", Suggestion.For(name, names));
            return null;
        }
        string? problem;
        if (open >= 0 && text[^1] != ')')
            problem = "has no ) behind its arguments";
        else if (
            TryParseArguments(open < 0 ? "" : text[(open + 1)..^1], out var arguments, out problem)
            && function.Bind(arguments, out problem) is { } body
        )
            return new FunctionCall(function, body);
        problems.Error(FlowErrors.TemplateArguments, at, $"'{name}' {problem}.", $"Write it as in {{{{path | {function.Example}}}}}.");
        return null;
    }

    private static bool TryParseArguments(string text, out List<FlowValue> arguments, out string? problem)
    {
        arguments = [];
        problem = null;
        if (string.IsNullOrWhiteSpace(text))
            return true;
        foreach (var piece in SplitOutsideQuotes(text, ','))
        {
            if (!TryParseFallback(piece, out var argument))
                problem = "has an argument that is not a text in quotes, a number, true, false or null";
            else if (argument.TryGetText(out var written) && written.Length > TemplateFunctions.MaxArgument)
                problem = $"has an argument of more than {TemplateFunctions.MaxArgument} characters";
            if (problem is not null)
                return false;
            arguments.Add(argument);
        }
        return true;
    }

    /// <summary>The pieces of a text between the separators that do not stand inside quotes.</summary>
    private static List<string> SplitOutsideQuotes(string text, char separator)
    {
        List<string> pieces = [];
        var start = 0;
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
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
            else if (c == separator)
            {
                pieces.Add(text[start..i]);
                start = i + 1;
            }
        }
        pieces.Add(text[start..]);
        return pieces;
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
