using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Model;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Screens;

/// <summary>How something is entered, whatever draws it.</summary>
public enum InputKind
{
    /// <summary>A line of text.</summary>
    Line,

    /// <summary>Yes or no.</summary>
    YesOrNo,

    /// <summary>One of <see cref="InputComponent.Choices"/>.</summary>
    Choice,
}

/// <summary>Bound once at compile time, then shared and immutable: a component in which a person enters something, the value of
/// <c>form.&lt;name&gt;</c>.</summary>
public abstract record InputComponent : ScreenComponent
{
    /// <summary>The input's name under <c>form</c>.</summary>
    [Setting("The input's name under form.", Required = true)]
    public string Name { get; init; } = "";

    /// <summary>The input's label.</summary>
    [Setting("The label of an input.")]
    public Template Label { get; init; } = Template.Empty;

    /// <summary>What helps to fill it in, below it; default nothing.</summary>
    [Setting("What helps to fill it in, below the input. [words](https://…) is a link.")]
    public Template Help { get; init; } = Template.Empty;

    /// <summary>Whether an input must be filled in.</summary>
    [Setting("Whether the input must be filled in.")]
    public bool Required { get; init; }

    /// <summary>How it is entered. Default a line of text.</summary>
    public virtual InputKind Kind => InputKind.Line;

    /// <summary>What can be chosen. Default nothing.</summary>
    public virtual IReadOnlyList<ComponentOption> Choices => [];

    /// <summary>What the input starts with. Default nothing.</summary>
    public virtual Template Start => Template.Empty;

    /// <summary>Whether what is entered is a secret. Default false.</summary>
    public virtual bool IsSecret => false;

    /// <summary>Whether it is a one-time code: what rules and scripts compare it with is a secret too. Default false.</summary>
    public virtual bool IsCode => false;

    /// <summary>Whether what is entered is marked as a secret: because the component says so, or because a code is compared with
    /// it.</summary>
    public bool IsSensitive => IsSecret || IsCompared;

    /// <summary>The problems that only this component has; those of <see cref="InputErrors"/> need not be named. Default none. The meaning
    /// of each is its sentence, with
    /// places for the values and for <c>{{label}}</c>; a flow's <c>locales</c> translate it.</summary>
    public virtual IReadOnlyList<ErrorCode> Problems => [];

    internal bool IsCompared { get; init; }

    /// <summary>Checks and converts what was entered.</summary>
    /// <param name="given">What was given, whatever it is; missing when nothing was.</param>
    /// <param name="taken">What goes into the form; missing to leave the form as it is.</param>
    /// <returns>What is wrong, or null. Then nothing is taken.</returns>
    public abstract InputProblem? Accept(FlowValue given, out FlowValue taken);

    /// <summary>Checks and converts what was entered, with what is known of the run. By default as <see cref="Accept(FlowValue, out FlowValue)"/>
    /// does.</summary>
    /// <param name="given">What was given, whatever it is; missing when nothing was.</param>
    /// <param name="context">The run's data as it was when the screen was shown.</param>
    /// <param name="taken">What goes into the form; missing to leave the form as it is.</param>
    protected internal virtual InputProblem? Accept(FlowValue given, ReadContext context, out FlowValue taken) => Accept(given, out taken);

    /// <summary>Checks what was entered together with what else is in the form. Default nothing.</summary>
    /// <param name="taken">What <see cref="Accept(FlowValue, out FlowValue)"/> took.</param>
    /// <param name="form">The form as it would become.</param>
    protected internal virtual InputProblem? AcceptWith(FlowValue taken, FlowObject form) => null;

    /// <summary>What can be chosen, with what is known of the run. By default <see cref="Choices"/>.</summary>
    /// <param name="context">The run's data.</param>
    public virtual IReadOnlyList<ComponentOption> ChoicesFor(ReadContext context) => Choices;

    /// <summary>A problem of this input.</summary>
    protected InputProblem Problem(ErrorCode code) => new(Name, code.Code, FlowObject.Empty);

    /// <summary>A problem of this input with a number of characters.</summary>
    protected InputProblem Problem(ErrorCode code, int count) =>
        new(Name, code.Code, FlowObject.Empty.With("count", FlowValue.From(count)));

    /// <summary>Writes name, label and help.</summary>
    protected void ShowName(ComponentView view)
    {
        view.Set("name", Name);
        view.Set("label", Label);
        view.Set("help", Help);
        view.SetLinks(Label, Help);
    }

    /// <summary>Writes whether it is required and whether it is secret.</summary>
    protected void ShowTraits(ComponentView view)
    {
        view.Set("required", FlowValue.From(Required));
        if (IsSensitive)
            view.Set("sensitive", FlowValue.True);
    }

    /// <summary>A problem in English, for programs and traces. A label that is no fixed text is called by its name.</summary>
    internal string Describe(in InputProblem problem)
    {
        var caption = Label.IsLiteral && Label.LiteralText.Length > 0 ? TextLinks.Plain(Label.LiteralText).TrimEnd('.') : Name;
        return problem.Fill((InputErrors.Find(problem.Code, Problems) ?? InputErrors.Pattern).Meaning, caption);
    }
}

/// <summary>Bound once at compile time, then read only: one of the values that can be chosen.</summary>
public sealed class ComponentOption
{
    /// <summary>The value under <c>form</c>.</summary>
    [Setting("The value under form.", Required = true)]
    public string Value { get; set; } = "";

    /// <summary>The text that is shown.</summary>
    [Setting("The text that is shown.")]
    public string Text { get; set; } = "";

    /// <summary>The options that a flow lists.</summary>
    internal static IReadOnlyList<ComponentOption> Bind(FlowValue json, SourceLocation at, DiagnosticBag problems)
    {
        if (json.IsNothing)
            return [];
        if (!json.TryGetArray(out var items))
        {
            problems.Error(FlowErrors.Type, at, "'options' is neither a list nor a text.", "Write a list of options, or {{path}} of one.");
            return [];
        }
        if (items.Count == 0)
            problems.Error(FlowErrors.Required, at, "'options' is empty.", "Add an option.");
        if (items.Count > FlowLimits.Items)
        {
            problems.Error(FlowErrors.TooLarge, at, $"There are {items.Count} elements; {FlowLimits.Items} are allowed.");
            return [];
        }
        var options = new List<ComponentOption>(items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].TryGetObject(out var option))
                options.Add((ComponentOption)SettingsDescriptor.Of(typeof(ComponentOption)).Bind(option, at.At(i), problems));
            else
                problems.Error(FlowErrors.Type, at.At(i), "An option is not an object.", "Write an object here.");
        }
        return options;
    }

    /// <summary>An option of a list of the context: a text, or an object with <c>value</c> and <c>label</c> or <c>text</c>.</summary>
    internal static ComponentOption Of(FlowValue item)
    {
        if (item.Kind is FlowValueKind.Array)
            return new ComponentOption();
        if (item.Kind != FlowValueKind.Object)
            return new ComponentOption { Value = item.ToText() };
        var label = item.Get("label") is { IsNothing: false } own ? own : item.Get("text");
        return new ComponentOption { Value = Scalar(item.Get("value")), Text = Scalar(label) };
    }

    private static string Scalar(FlowValue value) => value.Kind is FlowValueKind.Array or FlowValueKind.Object ? "" : value.ToText();
}
