using FlowEngine.Execution;
using FlowEngine.Model;

namespace FlowEngine.AspNetCore.Web.Screens;

/// <summary>Shared and immutable: what the hosted screens know of a published flow
/// version. Keep one per version: it caches the prepared translations.</summary>
internal sealed record HostedFlow
{
    /// <summary>The flow's id.</summary>
    public required string Id { get; init; }

    /// <summary>The flow's name: the title of screens that have none.</summary>
    public string Name { get; init; } = "";

    /// <summary>Where people may be sent back to; compared as a whole.</summary>
    public IReadOnlyList<string> RedirectUris { get; init; } = [];

    /// <summary>Who may begin it. Default anybody.</summary>
    public FlowAccess Access { get; init; } = FlowAccess.Public;

    /// <summary>Whether a login with a return address must bring a challenge (RFC 7636). Default true.</summary>
    public bool RequirePkce { get; init; } = true;

    /// <summary>The inputs that the flow declares: their types convert query values.</summary>
    public IReadOnlyDictionary<string, FlowInput> Inputs { get; init; } = new Dictionary<string, FlowInput>();

    /// <summary>The translations.</summary>
    public FlowLocales Locales { get; init; } = FlowLocales.None;

    /// <summary>How long a run lasts. Default one hour.</summary>
    public TimeSpan ExpiresAfter { get; init; } = TimeSpan.FromHours(1);

    /// <summary>What a compiled flow says.</summary>
    public static HostedFlow Of(FlowPlan plan) =>
        new()
        {
            Id = plan.FlowId,
            Name = plan.Definition.Name,
            RedirectUris = [.. plan.Options.RedirectUris.Select(uri => uri.OriginalString)],
            Access = plan.Options.Access ?? FlowAccess.Key,
            RequirePkce = plan.Options.RequirePkce,
            Inputs = plan.Options.Inputs,
            Locales = FlowLocales.Of(plan.Options.Locales),
            ExpiresAfter = plan.Options.ExpiresAfter,
        };
}

/// <summary>Per process, thread-safe: finds the flows that people can sign in with.</summary>
internal abstract class HostedFlows
{
    /// <summary>The published version of a flow; null when there is none.</summary>
    public abstract ValueTask<HostedFlow?> FindAsync(string flowId, CancellationToken cancellationToken);
}
