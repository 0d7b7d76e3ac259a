using System.Globalization;
using FlowEngine.Context;

namespace FlowEngine.AspNetCore.Web.Screens;

/// <summary>Shared and immutable: what is wrong with one input, read from the message
/// of the engine, which checks every input and names each by its label.</summary>
/// <param name="Name">The input's name.</param>
/// <param name="Label">The input's label, in the language of the flow.</param>
/// <param name="Message">The engine's message with places for values.</param>
/// <param name="Count">The number of characters that the message names, or null.</param>
internal sealed record EntryProblem(string Name, string Label, string Message, long? Count = null)
{
    private static readonly (string Message, string? Limit)[] Messages =
    [
        ("{{label}} must be checked.", null),
        ("{{label}} must be a text.", null),
        ("{{label}} is required.", null),
        ("{{label}} must have at least {{count}} characters.", "minLength"),
        ("{{label}} must have at most {{count}} characters.", "maxLength"),
        ("{{label}} is not a valid e-mail address.", null),
        ("{{label}} is not a valid phone number; write it as +49301234567.", null),
        ("{{label}} has no such option.", null),
        ("{{label}} must not contain control characters.", null),
        ("{{label}} does not have the right form.", null),
    ];

    /// <summary>The message in a language.</summary>
    public string Text(Translation translation) => Fill(translation.Of(Message), translation.Of(Label), Count);

    /// <summary>The problems that a screen's message consists of, in the order of the inputs; none when it is any other message.</summary>
    /// <param name="screen">The screen as the engine renders it, not yet translated.</param>
    public static IReadOnlyList<EntryProblem> In(FlowValue screen)
    {
        var rest = screen.Get("state").Get("errorText").ToText();
        var problems = new List<EntryProblem>();
        if (rest.Length == 0 || !screen.Get("components").TryGetArray(out var components))
            return problems;

        foreach (var component in components)
        {
            var name = component.Get("name").ToText();
            if (name.Length == 0 || Match(component, name, rest, out var length) is not { } problem)
                continue;
            problems.Add(problem);
            rest = rest[length..].TrimStart(' ');
        }
        return rest.Length == 0 ? problems : [];
    }

    private static EntryProblem? Match(FlowValue component, string name, string text, out int length)
    {
        // The engine names an input whose label is a template by its name.
        var label = component.Get("label").ToText();
        foreach (var caption in label.Length > 0 ? [label, name] : new[] { name })
        {
            foreach (var (message, limit) in Messages)
            {
                long? count = limit is not null && component.Get(limit).TryGetInteger(out var number) ? number : null;
                var written = Fill(message, caption, count);
                length = written.Length;
                if (text.StartsWith(written, StringComparison.Ordinal) && (text.Length == length || text[length] == ' '))
                    return new EntryProblem(name, label.Length > 0 ? label : name, message, count);
            }
        }
        length = 0;
        return null;
    }

    private static string Fill(string message, string label, long? count) =>
        message
            .Replace("{{count}}", count?.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{{label}}", label, StringComparison.Ordinal);
}
