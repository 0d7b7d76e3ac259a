using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.AspNetCore.Web.Management.Flows;
using FlowEngine.Context;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.Environments;

/// <summary>Stateless: a folder of flows and connectors, as a whole, is what runs.</summary>
internal static class EnvironmentEndpoints
{
    private const int MostNamed = 200;

    /// <summary>What was applied last, and what differs from it.</summary>
    public static Task<EnvironmentView> FindAsync(AppliedState state, CancellationToken cancellationToken) =>
        state.FindAsync(cancellationToken);

    /// <summary>What applying would do.</summary>
    public static async Task<EnvironmentPlan> PlanAsync(
        EnvironmentBody body,
        Caller caller,
        EnvironmentPlanner planner,
        CancellationToken cancellationToken
    ) => (await planner.PlanAsync(body, caller, cancellationToken)).View;

    /// <summary>Applies what was planned, all of it or nothing.</summary>
    public static async Task<EnvironmentPlan> ApplyAsync(
        EnvironmentBody body,
        Caller caller,
        EnvironmentPlanner planner,
        EnvironmentStore store,
        AppliedState state,
        CatalogueEffect effect,
        PublishRules rules,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (body.Revision is null)
            throw new ApiException(StatusCodes.Status400BadRequest, ApiErrors.Body, "'revision' is not that of a plan.");
        var planned = await planner.PlanAsync(body, caller, cancellationToken);
        if (planned.View.Revision != body.Revision)
            throw Changed();
        if (planned.View.Diagnostics.Any(problem => problem.Severity == "error"))
        {
            throw new ApiException(StatusCodes.Status422UnprocessableEntity, ApiErrors.Invalid)
            {
                Members = new ProblemMembers { Diagnostics = planned.View.Diagnostics },
            };
        }
        if (rules.SecondPerson && caller.Session is not null && planned.ChangesFlows)
            throw new ApiException(StatusCodes.Status403Forbidden, ManagementErrors.SecondPerson);

        var note = PublicationEndpoints.Cut(body.Note);
        var change = new EnvironmentChange
        {
            Revision = planned.View.Revision,
            Flows =
            [
                .. planned.Flows.Select(flow => new FlowPublication
                {
                    FlowId = flow.Id,
                    Definition = FlowValue.From(flow.Definition).ToJson(),
                    Note = note,
                    Author = caller.Name,
                    Tells = null,
                }),
            ],
            Connectors = planned.Connectors.ToDictionary(
                connector => connector.Id,
                connector => connector.Definition,
                StringComparer.Ordinal
            ),
            DeletedFlows = planned.DeletedFlows,
            DeletedConnectors = planned.DeletedConnectors,
            Applied = state.Of(time.GetUtcNow(), caller.Name, note, planned.SentFlows, planned.SentConnectors),
            Note = new AuditNote(caller.Name, AuditAction.EnvironmentApply, "environment:", DetailOf(planned, note)),
        };
        if (await store.ApplyAsync(change, cancellationToken) is not { } versions)
            throw Changed();
        // What was compiled for the plan is compiled again as what is stored: nothing that the plan did not name can break.
        await effect.ApplyAsync(cancellationToken);
        return planned.View with
        {
            Applied = true,
            Items =
            [
                .. planned.View.Items.Select(item =>
                    versions.TryGetValue(item.Id, out var version) && item.Kind == EnvironmentPlanner.Flow
                        ? item with
                        {
                            Version = version,
                        }
                        : item
                ),
            ],
        };

        static ApiException Changed() => new(StatusCodes.Status409Conflict, ManagementErrors.EnvironmentChanged);
    }

    /// <summary>What the audit log tells: the ids of each kind of change, at most <see cref="MostNamed"/>, and how many more there
    /// are.</summary>
    private static string DetailOf(Planned planned, string note)
    {
        IEnumerable<string>[] changes =
        [
            planned.Flows.Select(flow => flow.Id),
            planned.Connectors.Select(connector => connector.Id),
            planned.DeletedFlows,
            planned.DeletedConnectors,
        ];
        var untold = changes.Sum(ids => Math.Max(0, ids.Count() - MostNamed));
        return AuditNote.DetailOf(
            ("flows", Names(changes[0])),
            ("connectors", Names(changes[1])),
            ("deletedFlows", Names(changes[2])),
            ("deletedConnectors", Names(changes[3])),
            ("untold", untold == 0 ? default : FlowValue.From(untold)),
            ("note", FlowValue.From(note))
        );
    }

    private static FlowValue Names(IEnumerable<string> ids) => FlowValue.Array(ids.Take(MostNamed).Select(FlowValue.From));
}
