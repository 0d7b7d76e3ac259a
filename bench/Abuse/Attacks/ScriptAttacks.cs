namespace FlowEngine.Bench.Abuse;

/// <summary>Stateless: flows whose scripts do not end, or build long texts.</summary>
internal static class ScriptAttacks
{
    /// <summary>How often one run is asked again: fewer times than a screen may be submitted.</summary>
    private const int Submits = 15;

    public static IReadOnlyList<Attack> All { get; } =
    [
        .. from count in (int[])[32, 64]
        select new Attack(
            $"endless-scripts-{count}",
            13,
            attacker => attacker.RepeatAsync(count, _ => attacker.GoThroughAsync("spin", Submits, () => "{}"))
        ),
        .. from kind in (string[])["join", "toString", "concat", "template", "plus"]
        select new Attack(
            $"script-{kind}",
            13,
            attacker => attacker.RepeatAsync(8, _ => attacker.GoThroughAsync("strings", Submits, () => $$"""{ "kind": "{{kind}}" }"""))
        ),
    ];
}
