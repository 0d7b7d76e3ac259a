using FlowEngine.Context;
using FlowEngine.Screens;
using FlowEngine.Templates;

namespace FlowEngine.AspNetCore.Web.Screens;

/// <summary>Shared and immutable: the texts of one locale.</summary>
internal sealed class Translation
{
    private readonly FlowObject[] _sources;

    /// <summary>The translations of texts with places for values, by the text with nothing but the names inside its braces.</summary>
    private readonly Dictionary<string, string> _withPlaces = new(StringComparer.Ordinal);

    internal Translation(string locale, params FlowObject[] sources)
    {
        Locale = locale;
        _sources = sources;
        foreach (var source in sources)
        {
            foreach (var (text, translation) in source)
            {
                if (!translation.TryGetText(out var translated))
                    continue;
                Links.UnionWith(TextLinks.In(translated));
                if (TextPlaces.Names(text).Count > 0)
                    _withPlaces.TryAdd(TextPlaces.Normalize(text), translated);
            }
        }
    }

    /// <summary>The addresses that its texts lead to.</summary>
    internal HashSet<string> Links { get; } = new(StringComparer.Ordinal);

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
        return text;
    }

    /// <summary>Translates what was made from a template: the translation of the template, with the same values. Null when there is
    /// none.</summary>
    internal string? Of(FilledText filled) =>
        _withPlaces.TryGetValue(TextPlaces.Normalize(filled.Source), out var translation)
            ? TextPlaces.Fill(translation, filled.Values)
            : null;
}
