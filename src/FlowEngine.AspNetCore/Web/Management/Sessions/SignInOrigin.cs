namespace FlowEngine.AspNetCore.Web.Management.Sessions;

/// <summary>Per request, immutable: who tries to sign in, as far as it is known before anything was compared.</summary>
/// <param name="Lane">With whom it shares places in the queue: its network, or a known device or session by itself.</param>
/// <param name="IsKnown">Whether it is a device on which the person signed in before, or has a session.</param>
/// <param name="Tries">What a try counts for; first the one that a right password forgives.</param>
/// <param name="TurnedAway">What a try counts for that found no place in the queue.</param>
internal sealed record SignInOrigin(string Lane, bool IsKnown, IReadOnlyList<TryCounter> Tries, IReadOnlyList<TryCounter> TurnedAway);

/// <summary>One counter of tries.</summary>
/// <param name="Counters">The counters that it is one of.</param>
/// <param name="Key">Whose tries.</param>
/// <param name="Free">How many there are before a wait.</param>
internal readonly record struct TryCounter(TryCounters Counters, string Key, int Free);
