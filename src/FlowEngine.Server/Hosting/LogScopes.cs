using System.Diagnostics;

namespace FlowEngine.Server.Hosting;

/// <summary>
/// Per process, thread-safe: what scopes tell the log: of a request its id, of a connection its id, and the trace. Nothing else, whoever
/// puts it there: the framework's scope of a request has its path, and in
/// paths stand the ids of runs, with which whoever reads the log could go on.
/// </summary>
internal sealed class LogScopes : IExternalScopeProvider
{
    private static readonly HashSet<string> Told = new(StringComparer.Ordinal) { "RequestId", "ConnectionId" };

    private readonly LoggerExternalScopeProvider _scopes = new();

    /// <inheritdoc/>
    public IDisposable Push(object? state) => _scopes.Push(state);

    /// <inheritdoc/>
    public void ForEachScope<TState>(Action<object?, TState> callback, TState state)
    {
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } span)
            callback(new Scope([new("SpanId", span.SpanId.ToHexString()), new("TraceId", span.TraceId.ToHexString())]), state);
        // Looked through only when a line is written: requests that write none cost nothing.
        _scopes.ForEachScope(
            (scope, to) =>
            {
                var told = scope is IEnumerable<KeyValuePair<string, object?>> members
                    ? members.Where(member => Told.Contains(member.Key)).ToArray()
                    : [];
                if (told.Length > 0)
                    to.callback(new Scope(told), to.state);
            },
            (callback, state)
        );
    }

    /// <summary>Shared and immutable: members of a scope, and as text.</summary>
    private sealed class Scope(KeyValuePair<string, object?>[] members) : List<KeyValuePair<string, object?>>(members)
    {
        public override string ToString() => string.Join(", ", this.Select(member => $"{member.Key}:{member.Value}"));
    }
}
