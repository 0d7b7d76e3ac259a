using FlowEngine.Context;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Screens.Components;

/// <summary>Bound once at compile time, then shared and immutable: yes or no.</summary>
[Component("Checkbox", "Yes or no.", Icon = "square-check", New = """{ "name": "agreed", "label": "I agree" }""", Sample = "true")]
public sealed record Checkbox : InputComponent
{
    /// <summary>What stands beside a box without a label.</summary>
    [Setting("The text that is shown.", IsRare = true)]
    public Template Text { get; init; } = Template.Empty;

    /// <summary>Whether the box is checked at first.</summary>
    [Setting("The value that an input starts with.")]
    public Template Default { get; init; } = Template.Empty;

    /// <inheritdoc/>
    public override InputKind Kind => InputKind.YesOrNo;

    /// <inheritdoc/>
    public override Template Start => Default;

    /// <summary>Whether a value stands for a checked box.</summary>
    public static bool IsChecked(FlowValue value) =>
        value.TryGetBoolean(out var isChecked) ? isChecked : value.ToText() is "on" or "true" or "1";

    /// <inheritdoc/>
    public override InputProblem? Accept(FlowValue given, out FlowValue taken)
    {
        var isChecked = IsChecked(given);
        taken = FlowValue.From(isChecked);
        return Required && !isChecked ? Problem(InputErrors.Unchecked) : null;
    }

    /// <inheritdoc/>
    protected internal override void Show(ComponentView view)
    {
        ShowName(view);
        view.Set("text", Text);
        if (Text.Source.Length > 0)
            view.SetLinks(Label, Text, Help);
        view.Set("default", Default);
        ShowTraits(view);
        // Clients have this of every input.
        view.Set("maxLength", FlowValue.From(LineInput.MostCharacters));
    }
}
