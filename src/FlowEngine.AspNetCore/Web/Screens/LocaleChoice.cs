using Microsoft.Net.Http.Headers;

namespace FlowEngine.AspNetCore.Web.Screens;

/// <summary>Chooses a language (RFC 4647) and knows how languages call themselves. Stateless.</summary>
internal static class LocaleChoice
{
    private static readonly Dictionary<string, string> OwnNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ar"] = "العربية",
        ["bg"] = "Български",
        ["cs"] = "Čeština",
        ["da"] = "Dansk",
        ["de"] = "Deutsch",
        ["el"] = "Ελληνικά",
        ["en"] = "English",
        ["es"] = "Español",
        ["et"] = "Eesti",
        ["fi"] = "Suomi",
        ["fr"] = "Français",
        ["he"] = "עברית",
        ["hi"] = "हिन्दी",
        ["hr"] = "Hrvatski",
        ["hu"] = "Magyar",
        ["it"] = "Italiano",
        ["ja"] = "日本語",
        ["ko"] = "한국어",
        ["lt"] = "Lietuvių",
        ["lv"] = "Latviešu",
        ["nb"] = "Norsk bokmål",
        ["nl"] = "Nederlands",
        ["no"] = "Norsk",
        ["pl"] = "Polski",
        ["pt"] = "Português",
        ["ro"] = "Română",
        ["ru"] = "Русский",
        ["sk"] = "Slovenčina",
        ["sl"] = "Slovenščina",
        ["sv"] = "Svenska",
        ["tr"] = "Türkçe",
        ["uk"] = "Українська",
        ["vi"] = "Tiếng Việt",
        ["zh"] = "中文",
    };

    public static string? Choose(IReadOnlyList<string> available, string? requested, string? acceptLanguage)
    {
        if (requested is not null && Find(available, requested) is { } found)
            return found;
        if (acceptLanguage is null || !StringWithQualityHeaderValue.TryParseList([acceptLanguage], out var accepted))
            return null;
        return accepted
            .Where(range => range.Quality is not 0)
            .OrderByDescending(range => range.Quality ?? 1)
            .Select(range => Find(available, range.Value.ToString()))
            .FirstOrDefault(locale => locale is not null);
    }

    /// <summary>What a language calls itself, or its tag.</summary>
    public static string OwnName(string locale) =>
        OwnNames.GetValueOrDefault(locale) ?? OwnNames.GetValueOrDefault(Language(locale)) ?? locale;

    public static string Direction(string locale) => Language(locale) is "ar" or "fa" or "he" or "ur" ? "rtl" : "ltr";

    private static string? Find(IReadOnlyList<string> available, string range)
    {
        for (var part = range; part.Length > 0; part = part.LastIndexOf('-') is var cut and > 0 ? part[..cut] : "")
        {
            if (available.FirstOrDefault(locale => locale.Equals(part, StringComparison.OrdinalIgnoreCase)) is { } exact)
                return exact;
        }
        return available.FirstOrDefault(locale => Language(locale) == Language(range));
    }

    private static string Language(string locale) => locale.Split('-', '_')[0].ToLowerInvariant();
}
