using System.Collections.Concurrent;
using FlowEngine.Server.Screens;

namespace FlowEngine.Server.Tests.Screens.Serving;

/// <summary>One-time codes in a dictionary.</summary>
internal sealed class TestCodes(TimeProvider time) : OneTimeCodes
{
    private readonly ConcurrentDictionary<string, (OneTimeGrant Grant, DateTimeOffset Until)> _grants = new(StringComparer.Ordinal);

    public override ValueTask<string> IssueAsync(OneTimeGrant grant, CancellationToken cancellationToken)
    {
        var code = NewCode();
        _grants[code] = (grant, time.GetUtcNow() + Lifetime);
        return ValueTask.FromResult(code);
    }

    protected override ValueTask<OneTimeGrant?> TakeAsync(string code, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_grants.TryRemove(code, out var found) && time.GetUtcNow() < found.Until ? found.Grant : null);
}
