using FlowEngine.AspNetCore.Flows;
using FlowEngine.Errors;

namespace FlowEngine.AspNetCore.Web.Management.Flows;

/// <summary>Per request: makes a change of flows or connectors take effect at once, and tells which published flows it broke.</summary>
/// <param name="service">Brings the catalogue up to date.</param>
/// <param name="flows">The published flows.</param>
internal sealed class CatalogueEffect(CatalogueService service, FlowCatalogue flows)
{
    /// <summary>What could be run before: taken when the request begins, because others bring the catalogue up to date as well.</summary>
    private readonly HashSet<string> _runnable =
    [
        .. flows.Published.Where(flow => flow.Plan is not null).Select(flow => flow.Definition.Id),
    ];

    /// <summary>Brings this node's catalogue up to date, before a decision that what others published meanwhile has a say in.</summary>
    public Task RefreshAsync(CancellationToken cancellationToken) => service.RefreshAsync(cancellationToken);

    /// <summary>Puts what was stored into effect on this node; the others follow within a second or so.</summary>
    /// <returns>The errors of flows that could be run before and cannot now.</returns>
    public async Task<IReadOnlyList<Diagnostic>> ApplyAsync(CancellationToken cancellationToken)
    {
        await service.RefreshAsync(cancellationToken);
        return
        [
            .. flows
                .Published.Where(flow => flow.Plan is null && _runnable.Contains(flow.Definition.Id))
                .SelectMany(flow => flow.Result.Diagnostics)
                .Where(problem => problem.Severity == Severity.Error)
                .Distinct(),
        ];
    }
}
