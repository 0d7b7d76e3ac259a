using System.Security.Cryptography;
using System.Text;
using FlowEngine.AspNetCore.Flows;
using FlowEngine.Context;
using FlowEngine.Json;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.Environments;

/// <summary>Per process, thread-safe: what was applied last, by fingerprints: whatever is published or saved elsewhere later differs from
/// it.</summary>
internal sealed class AppliedState(ServerStorage storage, FlowCatalogue catalogue)
{
    /// <summary>What is kept of a change that is applied.</summary>
    /// <param name="at">When.</param>
    /// <param name="by">Who applies it.</param>
    /// <param name="note">What they say about it.</param>
    /// <param name="flows">The flows that were sent, by id.</param>
    /// <param name="connectors">The connectors that were sent, with their secrets, by id.</param>
    public string Of(
        DateTimeOffset at,
        string by,
        string note,
        IEnumerable<(string Id, FlowObject Definition)> flows,
        IEnumerable<(string Id, FlowObject Definition)> connectors
    ) =>
        FlowValue
            .Object(
                ("at", FlowValue.From(at.ToUnixTimeMilliseconds())),
                ("by", FlowValue.From(by)),
                ("note", FlowValue.From(note)),
                ("flows", FingerprintsOf(flows)),
                (
                    "connectors",
                    FingerprintsOf(connectors.Select(connector => (connector.Id, storage.Connectors.Mask(connector.Definition))))
                )
            )
            .ToJson();

    /// <summary>What was applied last, and what differs from it.</summary>
    public async Task<EnvironmentView> FindAsync(CancellationToken cancellationToken)
    {
        if (await storage.Environment.AppliedAsync(cancellationToken) is not { } text)
            return new EnvironmentView(null, null, null, []);
        var applied = JsonReading.Parse(text);
        var stored = await storage.Connectors.ListAsync(cancellationToken);
        applied.Get("at").TryGetInteger(out var at);
        return new EnvironmentView(
            DateTimeOffset.FromUnixTimeMilliseconds(at),
            applied.Get("by").ToText(),
            applied.Get("note").ToText(),
            [
                .. Drift("flow", applied.Get("flows"), catalogue.Published.Select(flow => (flow.Definition.Id, flow.Definition.Json))),
                .. Drift(
                    "connector",
                    applied.Get("connectors"),
                    stored.Select(connector => (connector.Id, storage.Connectors.Mask(connector.Definition)))
                ),
            ]
        );
    }

    private IEnumerable<DriftedItem> Drift(string kind, FlowValue applied, IEnumerable<(string Id, FlowObject Definition)> now)
    {
        var fingerprints = now.ToDictionary(item => item.Id, item => FingerprintOf(item.Definition), StringComparer.Ordinal);
        applied.TryGetObject(out var before);
        before ??= FlowObject.Empty;
        return before
            .Select(item => item.Key)
            .Union(fingerprints.Keys, StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .Select(id =>
                (before.Get(id), fingerprints.GetValueOrDefault(id)) switch
                {
                    ({ IsMissing: true }, _) => new DriftedItem(kind, id, "added"),
                    (_, null) => new DriftedItem(kind, id, "removed"),
                    var (was, now) when was.ToText() != now => new DriftedItem(kind, id, "changed"),
                    _ => null,
                }
            )
            .OfType<DriftedItem>();
    }

    private FlowValue FingerprintsOf(IEnumerable<(string Id, FlowObject Definition)> items)
    {
        var fingerprints = new FlowObjectBuilder(0);
        foreach (var (id, definition) in items)
            fingerprints.Set(id, FlowValue.From(FingerprintOf(definition)));
        return FlowValue.From(fingerprints.Build());
    }

    /// <summary>A keyed hash: what a definition says can be compared, not guessed.</summary>
    private string FingerprintOf(FlowObject definition) =>
        Convert.ToHexString(
            HMACSHA256.HashData(storage.RootKey.Derive("applied environment"), Encoding.UTF8.GetBytes(FlowValue.From(definition).ToJson()))
        );
}
