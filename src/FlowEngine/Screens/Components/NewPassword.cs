using FlowEngine.Context;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Screens.Components;

/// <summary>
/// Bound once at compile time, then shared and immutable: a password that somebody chooses, by NIST SP 800-63B: its length, and how hard it
/// is to guess; no rules about its characters.
/// </summary>
[Component(
    "NewPassword",
    "A password that somebody chooses: long enough, and not easily guessed. What is entered is a secret.",
    Icon = "key-round",
    New = """{ "name": "password", "label": "New password", "required": true }"""
)]
public sealed record NewPassword : InputComponent
{
    /// <summary>How many characters it has at least beside another factor.</summary>
    public const int LeastWithFactor = 8;

    /// <summary>How many characters it has at least where nothing else protects.</summary>
    public const int LeastAlone = 15;

    /// <summary>How many characters it has at most.</summary>
    public const int Most = 256;

    /// <summary>The hint in an empty input.</summary>
    [Setting("The hint in an empty input.")]
    public Template Placeholder { get; init; } = Template.Empty;

    /// <summary>Whether nothing but the password protects. Default true.</summary>
    [Setting(
        "Whether nothing but the password protects: then it has 15 characters or more, beside another factor 8.",
        Label = "Only factor"
    )]
    public bool OnlyFactor { get; init; } = true;

    /// <inheritdoc/>
    public override bool IsSecret => true;

    private int Least => OnlyFactor ? LeastAlone : LeastWithFactor;

    /// <inheritdoc/>
    public override InputProblem? Accept(FlowValue given, out FlowValue taken)
    {
        taken = given;
        if (given.Kind is FlowValueKind.Array or FlowValueKind.Object)
            return Problem(InputErrors.Text);
        var text = given.ToText();
        if (!given.IsNothing)
            taken = FlowValue.From(text).AsSensitive();
        if (text.Length == 0)
            return Required ? Problem(InputErrors.Required) : null;
        if (text.Length > Most)
            return Problem(InputErrors.MaxLength, Most);
        // Each code point counts as one character (NIST SP 800-63B).
        if (text.EnumerateRunes().Count() < Least)
            return Problem(InputErrors.MinLength, Least);
        return text.Any(char.IsControl) ? Problem(InputErrors.Control) : null;
    }

    /// <inheritdoc/>
    protected internal override InputProblem? AcceptWith(FlowValue taken, FlowObject form)
    {
        if (taken.ToText() is not { Length: > 0 } text)
            return null;
        var near = form.Where(member => member.Value.Kind == FlowValueKind.String && !member.Value.IsSensitive)
            .Select(member => member.Value.ToText());
        return PasswordStrength.Of(text, near) < PasswordStrength.Enough ? Problem(InputErrors.TooWeak) : null;
    }

    /// <inheritdoc/>
    protected internal override void Show(ComponentView view)
    {
        ShowName(view);
        view.Set("placeholder", Placeholder);
        ShowTraits(view);
        view.Set("minLength", FlowValue.From(Least));
        view.Set("maxLength", FlowValue.From(Most));
    }
}
