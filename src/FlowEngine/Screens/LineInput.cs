using System.Text.RegularExpressions;
using FlowEngine.Conditions;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Screens;

/// <summary>Bound once at compile time, then shared and immutable: an input of one line.</summary>
public abstract record LineInput : InputComponent
{
    /// <summary>How many characters a line has at most where nothing else is said.</summary>
    public const int MostCharacters = 10_000;

    /// <summary>The hint in an empty input.</summary>
    [Setting("The hint in an empty input.")]
    public Template Placeholder { get; init; } = Template.Empty;

    /// <summary>The value that an input starts with.</summary>
    [Setting("The value that an input starts with.")]
    public virtual Template Default { get; init; } = Template.Empty;

    /// <summary>The least number of characters.</summary>
    [Setting("The least number of characters.", Minimum = 0, Maximum = MostCharacters, Unit = "characters")]
    public int MinLength { get; init; }

    /// <summary>The greatest number of characters.</summary>
    [Setting("The greatest number of characters.", Minimum = 1, Maximum = MostCharacters, Unit = "characters")]
    public int MaxLength { get; init; } = MostCharacters;

    /// <summary>A regular expression that the whole input must match.</summary>
    [Setting("A regular expression that the whole input must match.")]
    public string Pattern { get; init; } = "";

    /// <inheritdoc/>
    public override Template Start => Default;

    /// <summary>Whether blanks around what is entered do not belong to it. Default false.</summary>
    protected virtual bool IsTrimmed => false;

    private Regex? CompiledPattern { get; init; }

    /// <inheritdoc/>
    protected internal override ScreenComponent Prepare(SourceLocation at, DiagnosticBag problems)
    {
        // On its own first: "a)|(b" is only well-formed between the anchors, where it means something else.
        if (Pattern.Length == 0 || RegexPattern.Parse(Pattern, Pattern, at.At("pattern"), problems) is null)
            return this;
        return this with { CompiledPattern = RegexPattern.Parse($@"\A(?:{Pattern})\z", Pattern, at.At("pattern"), problems) };
    }

    /// <inheritdoc/>
    public sealed override InputProblem? Accept(FlowValue given, out FlowValue taken)
    {
        taken = given;
        if (given.Kind is FlowValueKind.Array or FlowValueKind.Object)
            return Problem(InputErrors.Text);

        var text = given.ToText();
        if (IsTrimmed)
            text = text.Trim();
        if (!given.IsNothing)
            taken = FlowValue.From(text).WithSensitive(IsSensitive || given.IsSensitive);

        if (text.Length == 0)
            return Required ? Problem(InputErrors.Required) : null;
        if (text.Length < MinLength)
            return Problem(InputErrors.MinLength, MinLength);
        if (text.Length > MaxLength)
            return Problem(InputErrors.MaxLength, MaxLength);
        if (Check(text) is { } problem)
            return problem;
        // Browsers send none of these in a line, and databases find the same row by a text with them and without.
        if (text.Any(char.IsControl))
            return Problem(InputErrors.Control);
        return CompiledPattern?.IsMatch(text) == false ? Problem(InputErrors.Pattern) : null;
    }

    /// <summary>Checks what only this kind of input knows. Default nothing.</summary>
    /// <param name="text">What was entered, not empty and within its limits.</param>
    protected virtual InputProblem? Check(string text) => null;

    /// <inheritdoc/>
    protected internal override void Show(ComponentView view)
    {
        ShowName(view);
        view.Set("placeholder", Placeholder);
        view.Set("default", Default);
        ShowTraits(view);
        if (MinLength > 0)
            view.Set("minLength", FlowValue.From(MinLength));
        view.Set("maxLength", FlowValue.From(MaxLength));
        view.Set("pattern", Pattern);
    }
}
