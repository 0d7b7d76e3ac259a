using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Execution;
using FlowEngine.Json;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.Flows;

/// <summary>The failures after which the published version may issue a token all the same.</summary>
/// <param name="Accepted">Each, in the order of the flow file.</param>
internal sealed record AcceptedFailureList(IReadOnlyList<AcceptedFailureView> Accepted);

/// <summary>A failure that a flow accepts, and who took it upon themselves.</summary>
/// <param name="Failure">The entry of the flow's <c>accepts</c>: <c>profile: timeout</c>.</param>
/// <param name="Version">The version from which on it is accepted without interruption.</param>
/// <param name="Author">Who published that version.</param>
/// <param name="AcceptedAt">When.</param>
[SchemaName("AcceptedFailure")]
internal sealed record AcceptedFailureView(string Failure, int Version, string Author, UnixTime AcceptedAt);

/// <summary>Stateless: who accepted which failures.</summary>
internal static class AcceptedEndpoints
{
    /// <summary>How many versions are looked through; what was accepted before them counts as accepted by the oldest of them.</summary>
    private const int MaxVersions = 200;

    /// <summary>Lists what the published version accepts, with who published it first.</summary>
    public static async Task<AcceptedFailureList> ListAsync(string id, FlowStore store, CancellationToken cancellationToken)
    {
        var published =
            await store.FindPublishedAsync(ApiQuery.Id(id), cancellationToken)
            ?? throw ApiQuery.NotFound($"There is no published flow '{id}'.");
        var entries = EntriesOf(published);
        var since = entries.ToDictionary(entry => entry, _ => published, StringComparer.Ordinal);
        var open = new HashSet<string>(entries, StringComparer.Ordinal);
        var number = published.Version - 1;
        for (var looked = 1; open.Count > 0 && number > 0 && looked < MaxVersions; looked++, number--)
        {
            if (await store.FindVersionAsync(id, number, cancellationToken) is not { } version)
                break;
            open.IntersectWith(EntriesOf(version));
            foreach (var entry in open)
                since[entry] = version;
        }
        return new AcceptedFailureList([
            .. entries.Select(entry => new AcceptedFailureView(entry, since[entry].Version, since[entry].Author, since[entry].PublishedAt)),
        ]);
    }

    private static List<string> EntriesOf(FlowVersion version) =>
        JsonReading.Parse(version.Definition).Get("accepts").TryGetArray(out var accepts)
            ? accepts
                .Select(item => item.TryGetText(out var text) ? AcceptedFailure.Parse(text)?.ToString() : null)
                .OfType<string>()
                .Distinct(StringComparer.Ordinal)
                .ToList()
            : [];
}
