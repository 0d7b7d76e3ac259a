namespace FlowEngine.Bench.Faults;

/// <summary>Shared and immutable: one way to break a server.</summary>
/// <param name="Name">What it is chosen by.</param>
/// <param name="What">What is done, for people.</param>
/// <param name="RunAsync">Does it.</param>
internal sealed record Scenario(string Name, string What, Func<Stage, Task> RunAsync)
{
    /// <summary>It measures how long calls take, so nothing else runs beside it.</summary>
    public bool IsAlone { get; init; }

    /// <summary>The clock may pass the time of a run: a login that has expired is refused, not lost.</summary>
    public bool MayExpire { get; init; }
}
