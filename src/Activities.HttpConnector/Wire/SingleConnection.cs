using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Wire;

/// <summary>
/// Per request, thread-safe. Travels in <see cref="HttpRequestMessage.Options"/> to the connect callback and lets a request open one
/// connection. When a connection closes before the answer, .NET sends the request again on another, up to three times and unasked. On a
/// kept-alive connection that the server had given up that is right; on a new one the server has
/// seen the request, and whether it is sent again is for the activity's <c>retry</c> to say.
/// </summary>
internal sealed class SingleConnection
{
    private static readonly HttpRequestOptionsKey<SingleConnection> Key = new("FlowEngine.SingleConnection");

    private int _opened;

    public static void AttachTo(HttpRequestMessage message) => message.Options.Set(Key, new());

    /// <summary>True the first time.</summary>
    public static bool MayOpen(HttpRequestMessage message) =>
        !message.Options.TryGetValue(Key, out var connection) || Interlocked.Exchange(ref connection._opened, 1) == 0;
}
