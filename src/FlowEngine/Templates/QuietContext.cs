using FlowEngine.Context;
using FlowEngine.Errors;

namespace FlowEngine.Templates;

/// <summary>Per evaluation and single-threaded: a context that is not warned of what is missing: something else says what stands in for
/// a path without a value.</summary>
/// <param name="outer">The context around it.</param>
public sealed class QuietContext(ReadContext outer) : ReadContext
{
    /// <inheritdoc/>
    public override TimeProvider Time => outer.Time;

    /// <inheritdoc/>
    public override FlowValue Get(ContextRoot root) => outer.Get(root);

    /// <inheritdoc/>
    public override void Warn(ErrorCode code, string message) => outer.Warn(code, message);

    /// <inheritdoc/>
    internal override void Warn(ErrorCode code, ContextPath path) { }
}
