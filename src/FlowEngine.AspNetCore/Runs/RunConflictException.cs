namespace FlowEngine.AspNetCore.Runs;

/// <summary>A run was saved by somebody else since it was read; what was done here does not count.</summary>
internal sealed class RunConflictException : Exception
{
    /// <summary>Makes an exception.</summary>
    public RunConflictException()
        : base("The run was saved by another server in between.") { }
}
