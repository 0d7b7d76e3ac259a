using FlowEngine.AspNetCore.Flows;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.AspNetCore.Web.Management.Flows;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Json;
using FlowEngine.Settings;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.Connectors;

/// <summary>Per process, thread-safe: what is checked of a connector before it is stored or tried out.</summary>
/// <remarks>
/// Whoever may change connectors must not learn secrets by it: a stored secret goes to no other address than the one it was entered for,
/// and only an admin may have the server read its own environment and files.
/// </remarks>
internal sealed class ConnectorChecks(ConnectorStore store, ConnectorSet connectors, CatalogueService catalogue)
{
    private const int MostNamed = 3;

    /// <summary>Makes a connector of a definition, to see what is wrong with it and to try it out.</summary>
    /// <returns>A set with this connector alone, to be disposed; and all problems.</returns>
    public async Task<(ConnectorSet Set, Connector? Connector, IReadOnlyList<Diagnostic> Diagnostics)> MakeAsync(
        FlowObject definition,
        CancellationToken cancellationToken
    )
    {
        var problems = new DiagnosticBag();
        var set = new ConnectorSet(connectors.Types);
        if (await catalogue.ReadAsync(definition, problems, cancellationToken) is not { } read)
            return (set, null, problems.Items);
        set.Set(read);
        var connector = set.Find(read.Id, out var found);
        problems.AddRange(found);
        return (set, problems.HasErrors ? null : connector, problems.Items);
    }

    /// <summary>All problems of a definition.</summary>
    public async Task<IReadOnlyList<Diagnostic>> DiagnoseAsync(FlowObject definition, CancellationToken cancellationToken)
    {
        var (set, _, diagnostics) = await MakeAsync(definition, cancellationToken);
        await set.DisposeAsync();
        return diagnostics;
    }

    /// <summary>The definition with its stored secrets, for a caller who saw only masks.</summary>
    /// <param name="edited">What the caller sent.</param>
    /// <param name="stored">What is stored; null for a new connector.</param>
    /// <param name="role">The caller's role.</param>
    /// <exception cref="ApiException">A secret is missing, would go elsewhere, or may not be referred to.</exception>
    public FlowObject Complete(FlowObject edited, StoredConnector? stored, Role role)
    {
        var problems = CheckSecrets(edited, stored, role);
        if (problems.HasErrors)
            throw FlowCompilation.Invalid(problems.Items);
        return stored is null ? edited : store.Unmask(edited, stored.Definition);
    }

    /// <summary>What is wrong with the secrets of a definition: those that are
    /// not known, would go elsewhere, or may not be referred to.</summary>
    public DiagnosticBag CheckSecrets(FlowObject edited, StoredConnector? stored, Role role)
    {
        var problems = new DiagnosticBag();
        var before = new Dictionary<string, FlowValue>(StringComparer.Ordinal);
        foreach (var secret in stored is null ? [] : store.SecretsIn(stored.Definition))
            before[secret.Identity] = secret.Value;
        var moves = stored is null ? [] : MovesOf(edited, stored.Definition);
        var isMoved = moves.Count > 0;
        foreach (var (path, identity, secret) in store.SecretsIn(edited))
        {
            var at = JsonPointer.Segments(path).Aggregate(SourceLocation.Root(null).At("configuration"), (place, name) => place.At(name));
            var kept = before.GetValueOrDefault(identity);
            if (secret.ToText() == JsonWriting.Mask)
            {
                if (kept.IsNothing || kept.ToText() == JsonWriting.Mask)
                    problems.Error(ManagementErrors.SecretMasked, at, "The secret is not known.");
                else if (isMoved && role < Role.Admin)
                    problems.Error(
                        ManagementErrors.SecretMoved,
                        at,
                        $"Where the stored secret goes has changed, by {string.Join(", ", moves.Take(MostNamed))}."
                    );
            }
            else if (role < Role.Admin && IsReference(secret) && (kept.ToText() != secret.ToText() || isMoved))
            {
                problems.Error(ManagementErrors.SecretReference, at, $"'{secret.ToText()}' has the server read its own secrets.");
            }
        }
        return problems;
    }

    /// <summary>The settings by which a definition points elsewhere than the
    /// stored one. Of a type that is not known, nothing can be said.</summary>
    private IReadOnlyList<string> MovesOf(FlowObject edited, FlowObject stored)
    {
        if (
            edited.Get("type") != stored.Get("type")
            || connectors.Types.FirstOrDefault(type => type.Name == edited.Get("type").ToText()) is not { } known
        )
            return ["type"];
        return ConnectorAddress.Differences(known.Settings, stored.Get("configuration"), edited.Get("configuration"));
    }

    private static bool IsReference(FlowValue secret) => secret.TryGetText(out var text) && text.Length > 0 && !new Secret(text).IsLiteral;
}
