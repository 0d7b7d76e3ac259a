using System.Security.Cryptography;
using System.Text;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Model;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Flows;

/// <summary>Per process, thread-safe: what the files of the operator's folder said when they were last taken over. By that a connector that
/// is the operator's own, to the last character, is told from one that somebody has saved: no name in the storage could.</summary>
internal sealed class OperatorFiles(ServerStorage storage)
{
    private const string Connector = "connector";

    /// <summary>Whether a file says something else than when it was last taken over.</summary>
    public async Task<bool> IsNewAsync(string kind, string id, string json, CancellationToken cancellationToken) =>
        await storage.Settings.FindAsync(Name(kind, id), cancellationToken) != FingerprintOf(json);

    /// <summary>Remembers what a file says. Only a keyed hash is kept: a connector's file may hold secrets.</summary>
    public Task RememberAsync(string kind, string id, string json, CancellationToken cancellationToken) =>
        kind == Connector
            ? storage.Settings.SetForCatalogueAsync(Name(kind, id), FingerprintOf(json), cancellationToken)
            : storage.Settings.SetAsync(Name(kind, id), FingerprintOf(json), cancellationToken);

    /// <summary>Whose words a connector's definition is.</summary>
    /// <param name="definition">The connector file's JSON, with its secrets.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<ConnectorOrigin> OriginOfAsync(FlowObject definition, CancellationToken cancellationToken) =>
        definition.Get("id").TryGetText(out var id)
        && Identifier.IsValid(id)
        && !await IsNewAsync(Connector, id, FlowValue.From(definition).ToJson(), cancellationToken)
            ? ConnectorOrigin.Operator
            : ConnectorOrigin.Saved;

    private static string Name(string kind, string id) => $"folder.{kind}.{id}";

    private string FingerprintOf(string json) =>
        Convert.ToHexString(HMACSHA256.HashData(storage.RootKey.Derive("folder import"), Encoding.UTF8.GetBytes(json)));
}
