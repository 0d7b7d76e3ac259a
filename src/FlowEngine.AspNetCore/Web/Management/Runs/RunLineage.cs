using FlowEngine.AspNetCore.Flows;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Execution.Lineage;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.Runs;

/// <summary>Stateless: says where what the steps of a stored run were given came from, by the versions of the flows that it ran.</summary>
internal static class RunLineage
{
    /// <summary>How often versions of subflows are looked for: each time may bring to light what is inside them.</summary>
    private const int MaxRounds = 10;

    /// <summary>The trace with its lineage; as it is where the version of its flow is gone or does not compile any more.</summary>
    /// <param name="run">The run.</param>
    /// <param name="steps">Its steps.</param>
    /// <param name="catalogue">The flows.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public static async Task<FlowValue> JoinAsync(
        RunSummary run,
        FlowValue steps,
        FlowCatalogue catalogue,
        CancellationToken cancellationToken
    )
    {
        if (await catalogue.PlanAsync(run.FlowId, run.FlowVersion, cancellationToken) is not { } plan)
            return steps;
        var others = new Dictionary<(string Flow, int Version), FlowPlan>();
        var joined = TraceLineage.Join(plan, steps, out var missing);
        for (var round = 0; missing.Count > 0 && round < MaxRounds; round++)
        {
            var known = others.Count;
            foreach (var (flow, version) in missing)
            {
                if (await catalogue.PlanAsync(flow, version, cancellationToken) is { } other)
                    others[(flow, version)] = other;
            }
            if (others.Count == known)
                break;
            joined = TraceLineage.Join(plan, steps, out missing, others);
        }
        return joined;
    }
}
