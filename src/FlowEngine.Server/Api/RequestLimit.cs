namespace FlowEngine.Server.Api;

/// <summary>Shared and immutable: how large a request's body may be.</summary>
/// <param name="Bytes">In bytes.</param>
internal sealed record RequestLimit(int Bytes)
{
    /// <summary>Beyond this many bytes the connection is closed without further reading.</summary>
    public long HardBytes => 4L * Bytes;
}
