using FlowEngine.Templates;

namespace FlowEngine.Execution;

/// <summary>Shared and immutable: what a compiled flow is to a flow that enters it as a subflow.</summary>
/// <param name="ErrorLeaves">Whether an error may lead out of it, back to a screen of the caller: it happens before any screen of its
/// own.</param>
/// <param name="EndsUnseen">Whether it may end without having shown a screen.</param>
/// <param name="SharedWrites">What it may change of what it shares with its caller: the person, the claims and the last error.</param>
internal sealed record FlowTraits(bool ErrorLeaves, bool EndsUnseen, ContextWrites SharedWrites)
{
    /// <summary>Of a flow that does nothing.</summary>
    public static FlowTraits None { get; } = new(false, true, ContextWrites.Nothing);
}
