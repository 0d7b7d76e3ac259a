namespace FlowEngine.Screens.Components;

/// <summary>Bound once at compile time, then shared and immutable: a one-time code. What is entered is a secret, and what it is compared
/// with.</summary>
[Component(
    "CodeInput",
    "A one-time code: what is entered is a secret.",
    Icon = "hash",
    New = """{ "name": "code", "label": "Code", "required": true }"""
)]
public sealed record CodeInput : LineInput
{
    /// <inheritdoc/>
    public override bool IsSecret => true;

    /// <inheritdoc/>
    public override bool IsCode => true;

    /// <inheritdoc/>
    protected override bool IsTrimmed => true;
}
