namespace FlowEngine.Bench.Abuse;

/// <summary>Stateless: passwords, guessed.</summary>
internal static class GuessAttacks
{
    private const int Submits = 15;

    public static IReadOnlyList<Attack> All { get; } =
    [
        // Everybody's account in turn.
        new(
            "password-guesses",
            14,
            attacker =>
                attacker.RepeatAsync(
                    64,
                    _ =>
                        attacker.GoThroughAsync(
                            "password",
                            Submits,
                            () =>
                                $$"""{ "email": "person{{Random.Shared.Next(10_000)}}@example.com","""
                                + $$""" "password": "{{Random.Shared.Next()}}" }"""
                        )
                )
        ),
        new(
            "console-guesses",
            14,
            attacker =>
                attacker.RepeatAsync(
                    64,
                    async _ =>
                    {
                        var (status, _) = await attacker.PostAsync(
                            "/api/session",
                            $$"""{ "name": "name{{Random.Shared.Next()}}", "password": "{{Random.Shared.Next()}}" }"""
                        );
                        if (status is 429 or 503)
                            await Task.Delay(20, attacker.End);
                    }
                )
        ),
        new(
            "one-account",
            16,
            attacker =>
                attacker.RepeatAsync(
                    32,
                    _ =>
                        attacker.GoThroughAsync(
                            "password",
                            Submits,
                            () => $$"""{ "email": "person0@example.com", "password": "{{Random.Shared.Next()}}" }"""
                        )
                )
        ),
    ];

    /// <summary>An admin whom a stranger locks out cannot put an end to it.</summary>
    public static Attack AdminsName { get; } =
        new(
            "admins-name",
            16,
            attacker =>
                attacker.RepeatAsync(
                    8,
                    async _ =>
                    {
                        await attacker.PostAsync(
                            "/api/session",
                            $$"""{ "name": "{{Target.Admin}}", "password": "{{Random.Shared.Next()}}" }"""
                        );
                        await Task.Delay(100, attacker.End);
                    }
                )
        );
}
