using FlowEngine.Context;
using FlowEngine.Errors;
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
    /// <summary>How many options a list of the context may bring.</summary>
    public const int MostOptions = 500;

    /// <summary>How many characters the value of one may have.</summary>
    public const int LongestOption = 500;

    private static readonly FlowShape OptionShape = FlowShape.Of("value", "text");

    /// <summary>The hint while nothing is chosen.</summary>
    [Setting("The hint in an empty input.")]
    public Template Placeholder { get; init; } = Template.Empty;

    /// <summary>The value that is chosen at first.</summary>
    [Setting("The value that an input starts with.")]
    public Template Default { get; init; } = Template.Empty;

    /// <summary>The options: a list of them, or the path of a list of texts or of objects with <c>value</c> and <c>label</c>.</summary>
    [Setting(
        "The options of a Select: a list of them, or {{path}} of a list of texts or of objects with value and label.",
        Required = true,
        Editor = SettingEditors.Options
    )]
    public FlowValue Options { get; init; }

    /// <inheritdoc/>
    public override InputKind Kind => InputKind.Choice;

    /// <inheritdoc/>
    public override IReadOnlyList<ComponentOption> Choices => Fixed;

    /// <inheritdoc/>
    public override Template Start => Default;

    private IReadOnlyList<ComponentOption> Fixed { get; init; } = [];

    /// <summary>Where the options are; null where the flow lists them.</summary>
    private Template? Path { get; init; }

    /// <inheritdoc/>
    protected internal override ScreenComponent Prepare(SourceLocation at, DiagnosticBag problems)
    {
        var place = at.At("options");
        if (Options.TryGetText(out var text) && text.Length > 0)
        {
            var path = Template.Parse(text, place, problems);
            if (path.IsLiteral)
                problems.Error(FlowErrors.Value, place, "The options are a fixed text.", "Write a list, or {{path}} of one.");
            return this with { Path = path };
        }
        return this with { Fixed = ComponentOption.Bind(Options, place, problems) };
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ComponentOption> ChoicesFor(ReadContext context)
    {
        if (Path is null)
            return Fixed;
        if (Path.Evaluate(context) is var value && !value.TryGetArray(out var items))
        {
            if (!value.IsNothing)
                context.Warn(FlowErrors.Value, $"The options of '{Name}' are no list; there are none.");
            return [];
        }
        if (items.Count > MostOptions)
            context.Warn(FlowErrors.TooLarge, $"'{Name}' has {items.Count} options; the first {MostOptions} are shown.");
        // What is a secret is never shown, and so cannot be chosen.
        return
        [
            .. items
                .Take(MostOptions)
                .Where(item => !item.ContainsSensitive())
                .Select(ComponentOption.Of)
                .Where(option => option.Value.Length is > 0 and <= LongestOption)
                .DistinctBy(option => option.Value),
        ];
    }

    /// <inheritdoc/>
    public override InputProblem? Accept(FlowValue given, out FlowValue taken) => Accept(given, Fixed, out taken);

    /// <inheritdoc/>
    protected internal override InputProblem? Accept(FlowValue given, ReadContext context, out FlowValue taken) =>
        Accept(given, ChoicesFor(context), out taken);

    /// <inheritdoc/>
    protected internal override void Show(ComponentView view)
    {
        ShowName(view);
        view.Set("placeholder", Placeholder);
        view.Set("default", Default);
        ShowTraits(view);
        // Clients have this of every input.
        view.Set("maxLength", FlowValue.From(LineInput.MostCharacters));
        if (view.ChoicesOf(this) is { Count: > 0 } options)
            view.Set("options", FlowValue.Array(options.Select(Show)));
    }

    private InputProblem? Accept(FlowValue given, IReadOnlyList<ComponentOption> options, out FlowValue taken)
    {
        taken = given;
        if (given.Kind is FlowValueKind.Array or FlowValueKind.Object)
            return Problem(InputErrors.Text);
        var text = given.ToText();
        if (!given.IsNothing)
            taken = FlowValue.From(text).WithSensitive(IsSensitive || given.IsSensitive);
        if (text.Length == 0)
            return Required ? Problem(InputErrors.Required) : null;
        return options.Any(option => option.Value == text) ? null : Problem(InputErrors.Option);
    }

    private static FlowValue Show(ComponentOption option) =>
        FlowValue.From(OptionShape.With(FlowValue.From(option.Value), FlowValue.From(option.Text.Length > 0 ? option.Text : option.Value)));
}
