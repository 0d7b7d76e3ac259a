using FlowEngine.Context;
using FlowEngine.Screens;

namespace FlowEngine.AspNetCore.Web.Screens;

/// <summary>Shared and immutable: a screen with all that its page needs.</summary>
internal sealed record ShownScreen
{
    /// <summary>The screen as <see cref="FlowEngine.Screens.ScreenView"/> renders it, without escapes and not yet translated.</summary>
    public required FlowValue View { get; init; }

    /// <summary>The language.</summary>
    public required Translation Translation { get; init; }

    /// <summary>The title of a screen without one.</summary>
    public string FlowName { get; init; } = "";

    /// <summary>What its texts were made of.</summary>
    public ScreenWording Wording { get; init; } = ScreenWording.None;

    /// <summary>Whether it stands in a page of somebody else, which takes the form and keeps the focus: then it has no address, step or
    /// token. Default false.</summary>
    public bool IsEmbedded { get; init; }

    /// <summary>Where the form is posted.</summary>
    public string Action { get; init; } = "";

    /// <summary>The step that the form answers.</summary>
    public string StepId { get; init; } = "";

    /// <summary>The form's anti-forgery token.</summary>
    public string Token { get; init; } = "";

    /// <summary>What the person entered in a submission that was refused, by name; missing for none.</summary>
    public FlowValue Entered { get; init; }

    /// <summary>What the person can quote of an error that led here; null (the default) for none.</summary>
    public string? Reference { get; init; }

    /// <summary>A built-in text above the screen, or null.</summary>
    public string? Notice { get; init; }
}
