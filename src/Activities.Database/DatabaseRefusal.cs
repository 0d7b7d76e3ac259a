using FlowEngine.Errors;

namespace FlowEngine.Database;

/// <summary>A connection that this engine itself refuses, whatever the
/// database would say; carried out of places that can only throw.</summary>
/// <param name="code">The stable code.</param>
/// <param name="message">What was refused; never a secret.</param>
internal sealed class DatabaseRefusal(ErrorCode code, string message) : Exception(message)
{
    public ErrorCode Code { get; } = code;

    /// <summary>The refusal that an exception is or that a driver has wrapped; null for any other.</summary>
    public static DatabaseRefusal? In(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error is DatabaseRefusal refusal)
                return refusal;
        }
        return null;
    }
}
