using System.Text;

namespace FlowEngine.Bench.Abuse;

/// <summary>Stateless: bodies as large and as awkward as they may be.</summary>
internal static class InputAttacks
{
    private const int Bytes = 252 * 1024;
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$";

    public static IReadOnlyList<Attack> All { get; } =
    [
        // Names that no flow declares, one more than the last each: what is merged one by one is copied as often.
        new(
            "undeclared-inputs",
            10,
            attacker =>
                attacker.RepeatAsync(
                    8,
                    _ => attacker.PostAsync("/v1/flow/start", $$"""{ "flowId": "login", "options": { "client": {{Names()}} } }""")
                )
        ),
        new(
            "undeclared-input-of-start",
            10,
            attacker =>
                attacker.RepeatAsync(
                    8,
                    _ =>
                        attacker.PostAsync("/v1/flow/start", $$"""{ "flowId": "login", "interactionId": "submit", "input": {{Names()}} }""")
                )
        ),
        new("undeclared-form", 10, attacker => attacker.RepeatAsync(8, _ => attacker.GoThroughAsync("login", 15, Names))),
        new(
            "deep-inputs",
            10,
            attacker =>
                attacker.RepeatAsync(
                    8,
                    place =>
                        attacker.PostAsync(
                            "/v1/flow/start",
                            $$"""{ "flowId": "login", "options": { "client": { "a": {{(place % 2 == 0 ? Deep() : Wide())}} } } }"""
                        )
                )
        ),
    ];

    /// <summary>As many members as fit, 28,000, under names that were not there before.</summary>
    private static string Names()
    {
        var number = Random.Shared.Next(1 << 24);
        var json = new StringBuilder("{");
        for (; json.Length < Bytes - 1024; number++)
        {
            json.Append(json.Length == 1 ? "\"" : ",\"");
            for (var shift = 18; shift >= 0; shift -= 6)
                json.Append(Letters[(number >> shift) & 63]);
            json.Append("\":0");
        }
        return json.Append('}').ToString();
    }

    /// <summary>As deep as the bytes allow.</summary>
    private static string Deep() => new string('[', Bytes / 2 - 512) + new string(']', Bytes / 2 - 512);

    /// <summary>Deep, but no deeper than a reader takes, and that thousands of times.</summary>
    private static string Wide()
    {
        const int Depth = 55;
        var one = string.Concat(Enumerable.Repeat("{\"a\":", Depth)) + "1" + new string('}', Depth);
        return $"[{string.Join(',', Enumerable.Repeat(one, (Bytes - 1024) / (one.Length + 1)))}]";
    }
}
