using FlowEngine.Conditions;

namespace FlowEngine.Screens.Components;

/// <summary>Bound once at compile time, then shared and immutable: an e-mail address.</summary>
[Component(
    "EmailInput",
    "An e-mail address.",
    Icon = "at-sign",
    New = """{ "name": "email", "label": "Email", "required": true }""",
    Sample = "\"ada@example.com\""
)]
public sealed record EmailInput : LineInput
{
    /// <inheritdoc/>
    protected override bool IsTrimmed => true;

    /// <inheritdoc/>
    protected override InputProblem? Check(string text) => ContactFormats.IsEmail(text) ? null : Problem(InputErrors.Email);
}
