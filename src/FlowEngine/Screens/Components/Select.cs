using FlowEngine.Context;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Screens.Components;

/// <summary>Bound once at compile time, then shared and immutable: one of several options.</summary>
[Component(
    "Select",
    "One of several options.",
    Icon = "list-checks",
    New = """{ "name": "choice", "label": "Choose", "options": [{ "value": "one", "text": "One" }] }"""
)]
public sealed record Select : InputComponent
{
    private static readonly FlowShape OptionShape = FlowShape.Of("value", "text");

    /// <summary>The hint while nothing is chosen.</summary>
    [Setting("The hint in an empty input.")]
    public Template Placeholder { get; init; } = Template.Empty;

    /// <summary>The value that is chosen at first.</summary>
    [Setting("The value that an input starts with.")]
    public Template Default { get; init; } = Template.Empty;

    /// <summary>The options.</summary>
    [Setting("The options of a Select.", Required = true)]
    public IReadOnlyList<ComponentOption> Options { get; init; } = [];

    /// <inheritdoc/>
    public override InputKind Kind => InputKind.Choice;

    /// <inheritdoc/>
    public override IReadOnlyList<ComponentOption> Choices => Options;

    /// <inheritdoc/>
    public override Template Start => Default;

    /// <inheritdoc/>
    public override InputProblem? Accept(FlowValue given, out FlowValue taken)
    {
        taken = given;
        if (given.Kind is FlowValueKind.Array or FlowValueKind.Object)
            return Problem(InputErrors.Text);
        var text = given.ToText();
        if (!given.IsNothing)
            taken = FlowValue.From(text).WithSensitive(IsSensitive || given.IsSensitive);
        if (text.Length == 0)
            return Required ? Problem(InputErrors.Required) : null;
        return Options.Any(option => option.Value == text) ? null : Problem(InputErrors.Option);
    }

    /// <inheritdoc/>
    protected internal override void Show(ComponentView view)
    {
        ShowName(view);
        view.Set("placeholder", Placeholder);
        view.Set("default", Default);
        ShowTraits(view);
        // Clients have this of every input.
        view.Set("maxLength", FlowValue.From(LineInput.MostCharacters));
        if (Options.Count > 0)
            view.Set("options", FlowValue.Array(Options.Select(Show)));
    }

    private static FlowValue Show(ComponentOption option) =>
        FlowValue.From(OptionShape.With(FlowValue.From(option.Value), FlowValue.From(option.Text.Length > 0 ? option.Text : option.Value)));
}
