using System.Collections.Concurrent;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.Sessions;

/// <summary>Per process, thread-safe: the people who have sessions here, read
/// anew every few seconds, so that not every request asks the database.</summary>
/// <remarks>What this server changes counts here at once; what another one changes,
/// after <see cref="Freshness"/>, whatever happens to the clock meanwhile.</remarks>
internal sealed class KnownPeople(UserStore store, TimeProvider time)
{
    /// <summary>How old what is known may be.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, (ConsoleUser? Person, long ReadAt)> _known = new(StringComparer.Ordinal);

    /// <summary>A person; null when there is none of that name. Names come from
    /// sealed cookies, so the table holds no more than there are people.</summary>
    public async Task<ConsoleUser?> FindAsync(string name, CancellationToken cancellationToken)
    {
        var now = time.GetTimestamp();
        if (_known.TryGetValue(name, out var known) && time.GetElapsedTime(known.ReadAt, now) < Freshness)
            return known.Person;
        var person = await store.FindAsync(name, cancellationToken);
        _known[name] = (person, now);
        return person;
    }

    /// <summary>Has the next request read this person anew.</summary>
    public void Forget(string name) => _known.TryRemove(name, out _);
}
