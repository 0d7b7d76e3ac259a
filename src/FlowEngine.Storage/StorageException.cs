using FlowEngine.Errors;

namespace FlowEngine.Storage;

/// <summary>The storage cannot do what it was asked. The message names no value and no password.</summary>
internal sealed class StorageException : Exception
{
    /// <summary>Makes an exception.</summary>
    /// <param name="code">One of <see cref="StorageErrors"/>.</param>
    /// <param name="message">What happened here.</param>
    /// <param name="inner">The driver's exception.</param>
    public StorageException(ErrorCode code, string message, Exception? inner = null)
        : base($"{code.Code}: {message} {code.Advice}", inner) => Code = code;

    /// <summary>The stable code.</summary>
    public ErrorCode Code { get; }
}
