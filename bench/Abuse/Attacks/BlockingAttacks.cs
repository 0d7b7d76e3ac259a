namespace FlowEngine.Bench.Abuse;

/// <summary>Stateless: work that others could be held up by: slow queries of a SQLite file, these beside endless scripts and password
/// hashes, and an API that takes calls and never answers.</summary>
internal static class BlockingAttacks
{
    private const int AtOnce = 64;

    /// <summary>How many logins wait for the API that never answers, and from how many addresses, so that each is within its limits.</summary>
    private const int Hanging = 500;

    private const int Addresses = 4;

    /// <summary>How often one run is asked again: fewer times than a screen may be submitted.</summary>
    private const int Submits = 15;

    public static IReadOnlyList<Attack> All { get; } =
    [
        .. from count in (int[])[8, 16, AtOnce]
        select new Attack($"slow-sqlite-{count}", 22, attacker => attacker.RepeatAsync(count, _ => QueryAsync(attacker))),
        new(
            "all-that-blocks",
            22,
            attacker =>
                Task.WhenAll(
                    attacker.RepeatAsync(AtOnce, _ => QueryAsync(attacker)),
                    attacker.RepeatAsync(AtOnce, _ => attacker.GoThroughAsync("spin", Submits, () => "{}")),
                    attacker.RepeatAsync(
                        AtOnce,
                        _ =>
                            attacker.GoThroughAsync(
                                "password",
                                Submits,
                                () =>
                                    $$"""{ "email": "person{{Random.Shared.Next(10_000)}}@example.com","""
                                    + $$""" "password": "{{Random.Shared.Next()}}" }"""
                            )
                    )
                )
        ),
        new(
            "hanging-api",
            22,
            attacker => attacker.RepeatAsync(Hanging, place => attacker.GoThroughAsync("hang", Submits, () => "{}", place % Addresses))
        ),
    ];

    private static Task QueryAsync(Attacker attacker) => attacker.GoThroughAsync("slow", Submits, () => "{}");
}
