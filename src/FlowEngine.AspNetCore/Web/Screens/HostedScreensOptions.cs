namespace FlowEngine.AspNetCore.Web.Screens;

/// <summary>Bound once at start, then read only: settings of the hosted screens.</summary>
public sealed class HostedScreensOptions
{
    /// <summary>The language of screen texts that have no translation, as a BCP 47 tag. Default <c>en</c>.</summary>
    public string DefaultLocale { get; set; } = "en";

    /// <summary>The origins whose pages may show hosted screens in a frame, such
    /// as <c>https://app.example.com</c>. Default none: no frame at all.</summary>
    public IList<string> FrameAncestors { get; } = [];

    /// <summary>A style sheet that is loaded after the built-in one, a path or an http(s) URL; it may set the CSS variables of
    /// <c>Assets/screens.css</c>. Default null: none.</summary>
    public string? Stylesheet { get; set; }

    /// <summary>How large a submitted form may be, in bytes. Default 16,384.</summary>
    public int MaxFormBytes { get; set; } = 16 * 1024;
}
