using FlowEngine.Conditions;

namespace FlowEngine.Screens.Components;

/// <summary>Bound once at compile time, then shared and immutable: a telephone number in E.164 form.</summary>
[Component(
    "PhoneInput",
    "A telephone number in E.164 form.",
    Icon = "phone",
    New = """{ "name": "phone", "label": "Phone", "required": true }""",
    Sample = "\"+15550100\""
)]
public sealed record PhoneInput : LineInput
{
    /// <inheritdoc/>
    protected override bool IsTrimmed => true;

    /// <inheritdoc/>
    protected override InputProblem? Check(string text) => ContactFormats.IsPhone(text) ? null : Problem(InputErrors.Phone);
}
