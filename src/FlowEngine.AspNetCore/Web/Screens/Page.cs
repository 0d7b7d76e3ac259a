namespace FlowEngine.AspNetCore.Web.Screens;

/// <summary>Shared and immutable: a page without its frame, which also is what a script puts in the place of the last one.</summary>
internal sealed record Page
{
    public int StatusCode { get; init; } = StatusCodes.Status200OK;

    public required string Title { get; init; }

    public required Markup Main { get; init; }

    public required Translation Translation { get; init; }

    /// <summary>The application's address that a form of the page may lead to; null (the default) for none.</summary>
    public string? ReturnUri { get; init; }

    /// <summary>After how many seconds the page loads again; null for never.</summary>
    public int? RefreshSeconds { get; init; }

    /// <summary>The other languages, each with the address of this page in it.</summary>
    public IReadOnlyList<(string Locale, string Address)> Languages { get; init; } = [];

    /// <summary>A page that only says something, with at most one way on.</summary>
    public static Page Message(
        Translation translation,
        int statusCode,
        string mark,
        string title,
        string detail,
        (string Text, string Address)? next = null,
        string? reference = null
    )
    {
        var way = next is { } to
            ? Markup.Of($"""<a class="fe-button fe-primary" href="{to.Address}"><span>{translation.Of(to.Text)}</span></a>""")
            : Markup.Empty;
        return new Page
        {
            StatusCode = statusCode,
            Title = translation.Of(title),
            Main = Markup.Of(
                $"""<div class="fe-form fe-message">{Icons.Mark(mark)}<h1"""
                    + $""" class="fe-title" tabindex="-1">{translation.Of(title)}</h1><p"""
                    + $""" class="fe-text">{translation.Of(detail)}</p>{way}{Reference(translation, reference)}</div>"""
            ),
            Translation = translation,
        };
    }

    /// <summary>What the person can quote; nothing for null.</summary>
    public static Markup Reference(Translation translation, string? reference) =>
        reference is null
            ? Markup.Empty
            : Markup.Of(
                $"""<p class="fe-reference">{translation.Of(BuiltInTexts.Reference).Replace("{{code}}", reference, StringComparison.Ordinal)}</p>"""
            );

    /// <summary>The whole document.</summary>
    /// <param name="root">The application's root path, without a slash at its end.</param>
    /// <param name="assets">The files that it loads.</param>
    /// <param name="stylesheet">The address of an additional style sheet, or null.</param>
    /// <param name="theme"><c>light</c> or <c>dark</c>; null (the default) for what the browser prefers.</param>
    public string Document(string root, ScreenAssets assets, string? stylesheet, string? theme = null)
    {
        var locale = Translation.Locale;
        var languages =
            Languages.Count < 2
                ? Markup.Empty
                : Markup.Of(
                    $"""
                    <nav class="fe-languages" aria-label="{Translation.Of(BuiltInTexts.Language)}"><ul>{Markup.Join(
                        Languages.Select(language =>
                        {
                            var current = Markup.Attribute("aria-current", language.Locale == locale ? "true" : null);
                            return Markup.Of(
                                $"""<li><a href="{language.Address}" lang="{language.Locale}" hreflang="{language.Locale}"{current}>"""
                                    + $"""{LocaleChoice.OwnName(language.Locale)}</a></li>"""
                            );
                        })
                    )}</ul></nav>
                    """
                );
        return Markup
            .Of(
                $"""
                <!doctype html>
                <html lang="{locale}" dir="{LocaleChoice.Direction(locale)}"{Markup.Attribute("theme", theme)}>
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <meta name="robots" content="noindex">
                {(RefreshSeconds is { } seconds ? Markup.Of($"""<meta http-equiv="refresh" content="{seconds}">""") : Markup.Empty)}
                <title>{Title}</title>
                <link rel="icon" href="{root}{ScreenAssets.Icon.Path}" type="image/svg+xml">
                <link rel="stylesheet" href="{root}{assets.Styles.Path}">
                {(stylesheet is null ? Markup.Empty : Markup.Of($"""<link rel="stylesheet" href="{stylesheet}">"""))}
                <noscript><link rel="stylesheet" href="{root}{ScreenAssets.NoScript.Path}"></noscript>
                <script type="module" src="{root}{ScreenAssets.Script.Path}"></script>
                </head>
                <body class="fe-page">
                <div class="fe-shell">
                <main class="fe-card" id="fe-screen" data-fe-screen>
                {Main}
                </main>
                {languages}
                </div>
                <p class="fe-hidden" role="status" data-fe-status data-wait="{Translation.Of(
                    BuiltInTexts.Wait
                )}" data-unreachable="{Translation.Of(BuiltInTexts.Unreachable)}"></p>
                </body>
                </html>
                """
            )
            .ToString();
    }
}
