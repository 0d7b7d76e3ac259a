using FlowEngine.Errors;

namespace FlowEngine.Database.Engines;

/// <summary>Shared and immutable: what went wrong, in the engine's own words.</summary>
/// <param name="Code">The stable code.</param>
/// <param name="EngineCode">The engine's own code with its kind, such as <c>SQLSTATE 42P01</c>; null when there is none.</param>
/// <param name="Text">What the engine or driver says, without the data that
/// its messages are known to quote; null when nothing can be told.</param>
/// <param name="IsBroken">Whether the connection was lost, so that another one may work.</param>
internal sealed record SqlFailure(ErrorCode Code, string? EngineCode, string? Text, bool IsBroken = false)
{
    /// <summary>Whether the server itself said so, by which it showed that it is one.</summary>
    public bool IsServers { get; init; }

    /// <summary>Whether the database has answered, and its answer is certain: a commit that it answers so has not happened. Default
    /// false.</summary>
    public bool IsAnswer { get; init; }

    /// <summary>What to do about exactly this; null (the default) for what the engine advises where no connection can be had.</summary>
    public string? Advice { get; init; }
}
