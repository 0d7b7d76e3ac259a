using FlowEngine.Conditions;
using FlowEngine.Errors;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Screens;

/// <summary>
/// Bound once at compile time, then shared and immutable: a component of a screen. Each type of component is a sealed record of its own
/// with a
/// <see cref="ComponentAttribute"/>: its properties with a setting's attribute are its settings in flow files, what it overrides says what
/// it is. A composition
/// root adds types to the <see cref="ComponentCatalog"/>; the server draws each by a renderer of its own.
/// </summary>
public abstract record ScreenComponent
{
    /// <summary>The type.</summary>
    public ComponentType Type { get; internal init; } = null!;

    /// <summary>The rule by which it is shown; default always.</summary>
    [Setting(
        "Shown only while this rule holds, which may ask for the inputs above it. What is not shown cannot be entered, and is not required.",
        Label = "Show if",
        Editor = SettingEditors.Rule,
        Order = 100
    )]
    public RuleSettings? ShowIf { get; init; }

    /// <summary>Whether it is shown; null for always.</summary>
    internal ShowRule? Rule { get; init; }

    /// <summary>Whether other components stand in it, under <c>components</c>. Default false.</summary>
    public virtual bool HoldsComponents => false;

    /// <summary>Whether the message of the last attempt stands here. Default false.</summary>
    public virtual bool ShowsErrors => false;

    /// <summary>Whether it takes the place of the drawing above the title when the screen begins with it. Default false.</summary>
    public virtual bool IsLogo => false;

    /// <summary>Checks what its settings alone do not tell, when a flow is compiled, and makes ready what it needs later.</summary>
    /// <param name="at">Where it stands.</param>
    /// <param name="problems">Where problems go.</param>
    /// <returns>The component as it is used; by default this one.</returns>
    protected internal virtual ScreenComponent Prepare(SourceLocation at, DiagnosticBag problems) => this;

    /// <summary>Writes what a page, a terminal and the flow API have to know of it: its settings, templates as text.</summary>
    protected internal abstract void Show(ComponentView view);

    /// <summary>What it says in one line, where it is not an input or an outcome: for terminals. Default "": nothing.</summary>
    public virtual string ToLine(ReadContext context) => "";
}
