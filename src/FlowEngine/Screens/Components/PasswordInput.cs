using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Screens.Components;

/// <summary>Bound once at compile time, then shared and immutable: a password. What is entered is a secret.</summary>
[Component(
    "PasswordInput",
    "A password: what is entered is a secret.",
    Icon = "lock",
    New = """{ "name": "password", "label": "Password", "required": true }"""
)]
public sealed record PasswordInput : LineInput
{
    /// <summary>Read as that of any input; no page shows it.</summary>
    [Setting("The value that an input starts with.", IsRare = true)]
    public override Template Default { get; init; } = Template.Empty;

    /// <inheritdoc/>
    public override bool IsSecret => true;
}
