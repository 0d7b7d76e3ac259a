namespace FlowEngine.ElsaActivities;

/// <summary>An activity of FlowEngine cannot go on: its workflow does not compile, or its flow failed. Elsa makes an incident of it.</summary>
public sealed class FlowEngineException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="code">The stable code; see <c>docs/errors.md</c>.</param>
    /// <param name="message">What is wrong, without secrets.</param>
    public FlowEngineException(string code, string message)
        : base($"{code}: {message}") => Code = code;

    /// <summary>The stable code; see <c>docs/errors.md</c>.</summary>
    public string Code { get; }
}
