using FlowEngine.Screens;

namespace FlowEngine.AspNetCore.Web.Screens.Components;

/// <summary>Stateless and shared: draws an input below its label.</summary>
public abstract class InputRenderer<T> : ComponentRenderer<T>
    where T : InputComponent
{
    /// <inheritdoc/>
    public sealed override Markup Render(ShownComponent component, ScreenPage screen)
    {
        var label = component.Label;
        var field = screen.FieldOf(component, hasLabel: label.Length > 0);
        var control = Control(component, screen, field);
        var optional = component.Is("required")
            ? Markup.Empty
            : Markup.Of($""" <span class="fe-optional">({screen.Text(BuiltInTexts.Optional)})</span>""");
        var caption =
            label.Length == 0
                ? Markup.Empty
                : Markup.Of($"""<label class="fe-label" for="{field.Id}">{screen.Words(component, label)}{optional}</label>""");
        return Markup.Of(
            $"""<div class="fe-field">{caption}<div class="fe-control">{control}</div>{Below(component, screen, field)}{field.Problem}</div>"""
        );
    }

    /// <summary>What stands between the control and its help. Default nothing.</summary>
    /// <param name="component">The input.</param>
    /// <param name="screen">The screen that it stands on.</param>
    /// <param name="field">What every input has.</param>
    protected virtual Markup Below(ShownComponent component, ScreenPage screen, FieldParts field) => Markup.Empty;

    /// <summary>The control itself.</summary>
    /// <param name="component">The input.</param>
    /// <param name="screen">The screen that it stands on.</param>
    /// <param name="field">What every input has; its attributes belong to the control.</param>
    protected abstract Markup Control(ShownComponent component, ScreenPage screen, FieldParts field);
}
