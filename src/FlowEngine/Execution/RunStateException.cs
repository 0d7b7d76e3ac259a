using FlowEngine.Errors;

namespace FlowEngine.Execution;

/// <summary>A saved run cannot be loaded: it is damaged, or the plan is not the one it was saved with. Code <c>run.state</c>.</summary>
public sealed class RunStateException : Exception
{
    /// <summary>Makes an exception without a message of its own.</summary>
    public RunStateException()
        : base(FlowErrors.State.Meaning) { }

    /// <summary>Makes an exception that says what is wrong.</summary>
    public RunStateException(string message)
        : base(message) { }

    /// <summary>Makes an exception that says what is wrong, and why.</summary>
    public RunStateException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <summary>The error with its stable code.</summary>
    public FlowError Error => FlowError.Of(FlowErrors.State, Message);
}
