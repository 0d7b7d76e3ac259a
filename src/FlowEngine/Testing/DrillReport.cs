using FlowEngine.Errors;

namespace FlowEngine.Testing;

/// <summary>Shared and immutable: what becomes of a person in each way in which a call of a flow can end.</summary>
/// <param name="Cases">The golden cases that were run, with what comes of them when all goes well.</param>
/// <param name="Rows">The ways, by activity in the order of the flow.</param>
/// <param name="Diagnostics">What is wrong: failed calls that end in a token, and what could not be drilled.</param>
public sealed record DrillReport(IReadOnlyList<DrilledCase> Cases, IReadOnlyList<DrillRow> Rows, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>Whether there is nothing that calls anybody, in the flow and its subflows.</summary>
    public bool AsksNobody { get; init; }
}

/// <summary>Shared and immutable: a golden case as the flow runs it when all goes well.</summary>
/// <param name="File">The case's file.</param>
/// <param name="End">Where the person ends up.</param>
public sealed record DrilledCase(string File, DrillEnd End);

/// <summary>Shared and immutable: how much a drill may cost.</summary>
/// <param name="MostRuns">How many runs it may make.</param>
/// <param name="Longest">How long they may take together.</param>
public sealed record DrillLimits(int MostRuns, TimeSpan Longest)
{
    /// <summary>Room for any flow that people draw: 5,000 runs in five minutes.</summary>
    public static DrillLimits Default { get; } = new(5_000, TimeSpan.FromMinutes(5));
}
