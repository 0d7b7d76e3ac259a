namespace FlowEngine.Identity;

/// <summary>Shared and immutable: what it costs to compare a password with a stored hash.</summary>
/// <param name="Nanoseconds">About how long it takes on a common server, to compare
/// schemes with each other. Of one scheme, more work is always more.</param>
/// <param name="Decoy">A hash that costs exactly as much, of the same scheme and parameters, and is nobody's.</param>
internal sealed record PasswordWork(double Nanoseconds, string Decoy);

/// <summary>
/// Per activity, thread-safe: the dearest hash that was ever compared with. Where people's hashes are dearer than those that the engine
/// makes (bcrypt of an older system), a name that nobody has must cost as much as theirs, or the time would tell who exists.
/// </summary>
internal sealed class DearestPasswordWork
{
    private PasswordWork? _work;

    /// <summary>The hash to spend time on where there is none: of the engine's own kind before any was compared with.</summary>
    public string Decoy => Volatile.Read(ref _work)?.Decoy ?? Argon2Hash.Decoy;

    /// <summary>Remembers what was compared with. Its cost is within what a stored hash may ask for.</summary>
    public void Remember(PasswordWork work)
    {
        var known = Volatile.Read(ref _work);
        while (known is null || work.Nanoseconds > known.Nanoseconds)
        {
            var found = Interlocked.CompareExchange(ref _work, work, known);
            if (ReferenceEquals(found, known))
                return;
            known = found;
        }
    }
}
