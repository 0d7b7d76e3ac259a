using System.Collections.Concurrent;
using FlowEngine.Context;

namespace FlowEngine.AspNetCore.Web.Screens;

/// <summary>Shared and thread-safe: a flow's translations, locale → text
/// → translation, each locale prepared when it is first used.</summary>
internal sealed class FlowLocales
{
    private readonly IReadOnlyDictionary<string, FlowObject> _locales;
    private readonly ConcurrentDictionary<string, Translation> _translations = new(StringComparer.Ordinal);

    private FlowLocales(IReadOnlyDictionary<string, FlowObject> locales) => _locales = locales;

    /// <summary>No translations.</summary>
    public static FlowLocales None { get; } = new(new Dictionary<string, FlowObject>());

    /// <summary>The locales that the flow has, as it writes them.</summary>
    public IEnumerable<string> Names => _locales.Keys;

    /// <summary>Prepares the locales of a flow.</summary>
    public static FlowLocales Of(IReadOnlyDictionary<string, FlowObject> locales) => locales.Count > 0 ? new(locales) : None;

    /// <summary>Prepares the <c>locales</c> member of a flow that is being drawn; what is no object in it has no texts.</summary>
    public static FlowLocales Of(FlowValue locales) =>
        locales.TryGetObject(out var obj)
            ? Of(
                new OrderedDictionary<string, FlowObject>(
                    obj.Select(locale =>
                        KeyValuePair.Create(locale.Key, locale.Value.TryGetObject(out var texts) ? texts : FlowObject.Empty)
                    )
                )
            )
            : None;

    /// <summary>The translation of a locale: what the flow says, then what the built-in texts say, then the text itself.</summary>
    public Translation For(string locale) =>
        _translations.TryGetValue(locale, out var known) ? known
        : BuiltInTexts.Knows(locale) || _locales.ContainsKey(locale) ? _translations.GetOrAdd(locale, Prepare)
        : Prepare(locale);

    /// <summary>The locale to use: the one asked for, else the first that the browser accepts, else the default; by lookup (RFC 4647, 3.4),
    /// where a translation for a region also serves its language.</summary>
    /// <param name="requested">The locale asked for, or null.</param>
    /// <param name="acceptLanguage">The browser's <c>Accept-Language</c> header, or null.</param>
    /// <param name="otherwise">The locale of the texts themselves.</param>
    public string Choose(string? requested, string? acceptLanguage, string otherwise) =>
        LocaleChoice.Choose([.. Names.Append(otherwise)], requested, acceptLanguage) ?? otherwise;

    private Translation Prepare(string locale)
    {
        return new Translation(locale, _locales.GetValueOrDefault(locale) ?? FlowObject.Empty, BuiltInTexts.For(locale));
    }
}
