using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Errors;
using FlowEngine.Settings;

namespace FlowEngine.AspNetCore.Web.Screens;

/// <summary>Set while a program starts, then read only: the section <c>Screens</c>, settings of the hosted screens.</summary>
public sealed record HostedScreensOptions : ICheckedSettings
{
    /// <summary>The language of screen texts that have no translation, as a BCP 47 tag. Default <c>en</c>.</summary>
    [Setting("The language of screen texts without a translation.")]
    public string DefaultLocale { get; set; } = "en";

    /// <summary>A style sheet that is loaded after the built-in one, a path or an http(s) URL; it may set the CSS variables of
    /// <c>Assets/screens.css</c>. Default null: none.</summary>
    [Setting("A style sheet of your own for the hosted screens.")]
    public string? Stylesheet { get; set; }

    /// <summary>The origins whose pages may show hosted screens in a frame, such as <c>https://app.example.com</c>. Default none: no frame
    /// at all.</summary>
    [Setting("The origins whose pages may show hosted screens in a frame.")]
    public IReadOnlyList<string> FrameAncestors { get; set; } = [];

    /// <inheritdoc/>
    void ICheckedSettings.Check(SourceLocation at, DiagnosticBag problems) =>
        Origin.Check(FrameAncestors, at.At("frameAncestors"), problems);
}
