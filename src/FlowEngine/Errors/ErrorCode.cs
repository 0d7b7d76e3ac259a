namespace FlowEngine.Errors;

/// <summary>Shared and immutable: a stable code that messages, files and clients rely on, and that <c>docs/errors.md</c> lists.</summary>
/// <param name="Code">The code, such as <c>flow.step_limit</c>. Never changes once released.</param>
/// <param name="Meaning">What happened, in one sentence.</param>
/// <param name="Advice">What to do about it, in one sentence.</param>
public sealed record ErrorCode(string Code, string Meaning, string Advice)
{
    /// <inheritdoc/>
    public override string ToString() => Code;
}
