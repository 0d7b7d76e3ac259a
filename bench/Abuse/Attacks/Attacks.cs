namespace FlowEngine.Bench.Abuse;

/// <summary>Shared and immutable: one way to hurt others.</summary>
/// <param name="Name">What it is called in the table and on the command line.</param>
/// <param name="Line">The defence that it tries: 10 inputs, 11 runs that do not exist, 12 storage, 13 scripts, 14 hashing, 15
/// connections, 16 guessing, 22 threads that are blocked.</param>
/// <param name="RunAsync">Does it, until the attacker's time is over.</param>
internal sealed record Attack(string Name, int Line, Func<Attacker, Task> RunAsync);

/// <summary>Stateless: the attacks.</summary>
internal static class Attacks
{
    /// <summary>All, in the order of the table. The first is none: what people meet on a quiet day. The last may lock the console's
    /// person out for a while.</summary>
    public static IReadOnlyList<Attack> All { get; } =
    [
        new("none", 0, attacker => Task.Delay(Timeout.Infinite, attacker.End).ContinueWith(_ => { }, TaskScheduler.Default)),
        .. InputAttacks.All,
        .. RunAttacks.All,
        .. ScriptAttacks.All,
        .. BlockingAttacks.All,
        .. GuessAttacks.All,
        .. ConnectionAttacks.All,
        GuessAttacks.AdminsName,
    ];
}
