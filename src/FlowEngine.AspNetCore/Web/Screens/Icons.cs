namespace FlowEngine.AspNetCore.Web.Screens;

/// <summary>Shared and immutable: the drawings of the screens. Decoration only: each stands beside a text.</summary>
internal static class Icons
{
    public static readonly Markup Info = Draw("fe-icon", "M12 11v5M12 8h.01M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z");
    public static readonly Markup Warning = Draw("fe-icon", "M12 8v4.5M12 16h.01M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z");
    public static readonly Markup Eye = Draw(
        "fe-icon",
        "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12ZM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z",
        "fe-slash",
        "M4 4l16 16"
    );
    public static readonly Markup Chevron = Draw("fe-icon fe-chevron", "M6 9.5l6 6 6-6");

    private static readonly Dictionary<string, Markup> Marks = new(StringComparer.Ordinal)
    {
        ["key"] = Mark(
            "fe-mark",
            "M8 11V8a4 4 0 0 1 8 0v3M6.5 11h11a1.5 1.5 0 0 1 1.5 1.5v6a1.5 1.5 0 0 "
                + "1-1.5 1.5h-11A1.5 1.5 0 0 1 5 18.5v-6A1.5 1.5 0 0 1 6.5 11ZM12 14.5v2"
        ),
        ["done"] = Mark("fe-mark fe-mark-done", "M5 12.5l4.5 4.5L19 7.5"),
        ["clock"] = Mark("fe-mark", "M12 7v5l3 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z"),
        ["warning"] = Mark(
            "fe-mark fe-mark-warning",
            "M12 9v4M12 16.5h.01M10.4 4.6 2.9 17.5A1.8 1.8 0 0 0 4.5 20.2h15a1.8 1.8 0 0 0 1.6-2.7L13.6 4.6a1.85 1.85 0 0 0-3.2 0Z"
        ),
        ["stop"] = Mark("fe-mark fe-mark-warning", "M8.6 3.5h6.8l5.1 5.1v6.8l-5.1 5.1H8.6l-5.1-5.1V8.6ZM9.5 9.5l5 5M14.5 9.5l-5 5"),
    };

    /// <summary>The large drawing at the top of a page: <c>key</c>, <c>done</c>, <c>clock</c>, <c>warning</c> or <c>stop</c>.</summary>
    public static Markup Mark(string kind) => Marks[kind];

    private static Markup Mark(string style, string path) =>
        Markup.Of($"""<span class="{style}" aria-hidden="true">{Draw("fe-icon", path)}</span>""");

    private static Markup Draw(string style, string path, string? extraStyle = null, string? extraPath = null)
    {
        var extra = extraPath is null ? Markup.Empty : Markup.Of($"""<path class="{extraStyle}" d="{extraPath}"/>""");
        return Markup.Of(
            $"""<svg class="{style}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" """
                + $"""stroke-linejoin="round" aria-hidden="true" focusable="false"><path d="{path}"/>{extra}</svg>"""
        );
    }
}
