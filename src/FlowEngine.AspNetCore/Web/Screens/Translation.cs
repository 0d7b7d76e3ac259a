using FlowEngine.Context;

namespace FlowEngine.AspNetCore.Web.Screens;

/// <summary>Shared and immutable: the texts of one locale.</summary>
/// <remarks>A text that was made from a template is found by the template: the values are taken out of the text and put into the
/// translation, so that <c>We do not know {{form.email}}.</c> translates every address.</remarks>
public sealed class Translation
{
    private static readonly string[] TextMembers = ["label", "text", "placeholder", "alt"];

    private readonly FlowObject[] _sources;
    private readonly List<(TextPattern Pattern, string Translation)> _patterns = [];

    internal Translation(string locale, params FlowObject[] sources)
    {
        Locale = locale;
        _sources = sources;
        foreach (var source in sources)
        {
            foreach (var (text, translation) in source)
            {
                if (translation.TryGetText(out var translated) && TextPattern.Parse(text) is { } pattern)
                    _patterns.Add((pattern, translated));
            }
        }
    }

    /// <summary>The locale, a BCP 47 tag.</summary>
    public string Locale { get; }

    /// <summary>Translates a text; one without a translation stays as it is.</summary>
    public string Of(string text)
    {
        foreach (var source in _sources)
        {
            if (source.Get(text).TryGetText(out var translation))
                return translation;
        }
        foreach (var (pattern, translation) in _patterns)
        {
            if (pattern.TryFill(text, translation, Of) is { } filled)
                return filled;
        }
        return text;
    }

    /// <summary>Translates the texts of a screen: titles, labels, hints, options and
    /// the message of the last error. Values that people entered stay.</summary>
    /// <param name="screen">The screen as <see cref="FlowEngine.Screens.ScreenView"/> renders it, without escapes.</param>
    public FlowValue Screen(FlowValue screen)
    {
        if (!screen.TryGetObject(out var view))
            return screen;
        view = Translate(view, "title");
        if (view.Get("components").TryGetArray(out var components))
            view = view.With("components", FlowValue.From(FlowArray.From(components.Select(Component))));
        if (view.Get("state").TryGetObject(out var state))
            view = view.With("state", FlowValue.From(TranslateError(state, screen)));
        return FlowValue.From(view);
    }

    private FlowObject TranslateError(FlowObject state, FlowValue screen)
    {
        var problems = EntryProblem.In(screen);
        return problems.Count == 0
            ? Translate(state, "errorText")
            : state.With("errorText", FlowValue.From(string.Join(' ', problems.Select(problem => problem.Text(this)))));
    }

    private FlowValue Component(FlowValue value)
    {
        if (!value.TryGetObject(out var component))
            return value;
        foreach (var member in TextMembers)
            component = Translate(component, member);
        if (component.Get("options").TryGetArray(out var options))
            component = component.With(
                "options",
                FlowValue.From(
                    FlowArray.From(
                        options.Select(option => option.TryGetObject(out var pair) ? FlowValue.From(Translate(pair, "text")) : option)
                    )
                )
            );
        return FlowValue.From(component);
    }

    private FlowObject Translate(FlowObject value, string member) =>
        value.Get(member).TryGetText(out var text) && text.Length > 0 && Of(text) is var translated && !ReferenceEquals(translated, text)
            ? value.With(member, FlowValue.From(translated).WithSensitive(value.Get(member).IsSensitive))
            : value;
}
