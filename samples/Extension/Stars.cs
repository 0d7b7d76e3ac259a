using FlowEngine.AspNetCore.Web.Screens;
using FlowEngine.AspNetCore.Web.Screens.Components;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Screens;
using FlowEngine.Settings;

namespace Acme.Club;

/// <summary>Bound once at compile time, then shared and immutable: an input of stars.</summary>
[Component("Stars", "A number of stars.", Icon = "star", New = """{ "name": "stars", "label": "How was it?" }""", Sample = "4")]
public sealed record Stars : InputComponent
{
    private static readonly ErrorCode OutOfRange = new("stars.range", "{{label}}: 1 to {{most}} stars.", "Send a whole number.");

    /// <summary>How many stars there are at most.</summary>
    [Setting("How many stars there are at most.", Minimum = 1, Maximum = 10)]
    public int Most { get; init; } = 5;

    /// <inheritdoc/>
    public override IReadOnlyList<ErrorCode> Problems => [OutOfRange];

    /// <inheritdoc/>
    public override InputProblem? Accept(FlowValue given, out FlowValue taken)
    {
        taken = FlowValue.Missing;
        if (given.IsNothing || given.ToText().Length == 0)
            return Required ? Problem(InputErrors.Required) : null;
        if (!int.TryParse(given.ToText(), out var stars) || stars < 1 || stars > Most)
            return new InputProblem(Name, OutOfRange.Code, FlowObject.Empty.With("most", FlowValue.From(Most)));
        taken = FlowValue.From(stars);
        return null;
    }

    /// <inheritdoc/>
    protected override void Show(ComponentView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        ShowName(view);
        ShowTraits(view);
        view.Set("most", FlowValue.From(Most));
    }
}

/// <summary>Stateless and shared: draws the stars, on pages, in the console's preview and in the web component.</summary>
public sealed class StarsRenderer : InputRenderer<Stars>
{
    /// <inheritdoc/>
    public override string Styles => ".acme-stars { accent-color: #d4a017; block-size: 2.5rem; inline-size: 100%; }";

    /// <inheritdoc/>
    protected override Markup Control(ShownComponent component, ScreenPage screen, FieldParts field)
    {
        ArgumentNullException.ThrowIfNull(component);
        ArgumentNullException.ThrowIfNull(screen);
        ArgumentNullException.ThrowIfNull(field);
        var most = component.Count("most");
        var value = screen.ValueOf(component).ToText() is { Length: > 0 } entered ? entered : $"{most}";
        return Markup.Of($"""<input class="acme-stars" type="range" min="1" max="{$"{most}"}" value="{value}"{field.Attributes}>""");
    }
}
