namespace FlowEngine.Bench.Faults;

/// <summary>Stateless: all of them.</summary>
internal static class Scenarios
{
    /// <summary>In the order in which they begin: those that wait much come first, so that others fill the time.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("none", "Nothing: what an ordinary login takes.", QuietScenario.RunAsync),
        .. ClusterScenarios.All,
        .. RefreshScenarios.All,
        .. KillScenarios.All,
        .. PostgresScenarios.All,
        .. RepeatScenarios.All,
        .. ClockScenarios.All,
        .. FolderScenarios.All,
        .. BlockingScenarios.All,
    ];
}
