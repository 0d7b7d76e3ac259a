using System.Runtime.CompilerServices;
using FlowEngine.AspNetCore.Flows;
using FlowEngine.Execution;

namespace FlowEngine.AspNetCore.Web.Screens;

/// <summary>Per process, thread-safe: the published flows, as the hosted screens know them.</summary>
internal sealed class HostedCatalogue(FlowCatalogue catalogue) : HostedFlows
{
    /// <inheritdoc/>
    public override ValueTask<HostedFlow?> FindAsync(string flowId, CancellationToken cancellationToken) =>
        ValueTask.FromResult(catalogue.FindHosted(flowId));
}

/// <summary>Per process, thread-safe: what the hosted screens know of published flows.</summary>
internal static class HostedPlans
{
    /// <summary>One for each version, for as long as its plan is there: it keeps the prepared translations.</summary>
    private static readonly ConditionalWeakTable<FlowPlan, HostedFlow> Hosted = [];

    /// <summary>What they know of a flow; null when it is not published, or does not compile any more.</summary>
    public static HostedFlow? FindHosted(this FlowCatalogue catalogue, string flowId) =>
        catalogue.FindPlan(flowId) is { } plan ? Hosted.GetValue(plan, HostedFlow.Of) : null;
}
