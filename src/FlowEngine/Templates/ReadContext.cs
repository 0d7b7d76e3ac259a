using FlowEngine.Context;
using FlowEngine.Errors;

namespace FlowEngine.Templates;

/// <summary>Per run and single-threaded: all that templates and rules need of a run: the values of its roots, its clock, and where warnings
/// go.</summary>
public abstract class ReadContext
{
    private protected ReadContext() { }

    /// <summary>The clock.</summary>
    public abstract TimeProvider Time { get; }

    /// <summary>The value of a root.</summary>
    public abstract FlowValue Get(ContextRoot root);

    /// <summary>Adds a warning to the trace's step. Costs nothing when tracing is off.</summary>
    public abstract void Warn(ErrorCode code, string message);

    /// <summary>Warns that a path has no value.</summary>
    internal abstract void Warn(ErrorCode code, ContextPath path);
}
