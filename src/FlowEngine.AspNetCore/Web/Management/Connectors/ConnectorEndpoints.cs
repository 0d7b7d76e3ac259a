using System.Text.Json.Serialization;
using FlowEngine.AspNetCore.Flows;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.AspNetCore.Web.Management.Flows;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Model;
using FlowEngine.Storage;
using FlowEngine.Tracing;

namespace FlowEngine.AspNetCore.Web.Management.Connectors;

/// <summary>A connector in a list.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type">Its type.</param>
/// <param name="Name">Its name; its id where it has none.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Revision">Grows with each save.</param>
/// <param name="Author">Who saved it.</param>
/// <param name="UpdatedAt">When.</param>
/// <param name="Warnings">The settings whose value is dangerous: <c>insecure</c> where it trusts any certificate.</param>
/// <param name="UsedBy">The published flows that use it, themselves or through a subflow.</param>
/// <param name="CertificateEnds">When its client certificate ends; not there where it shows none, or it cannot be read.</param>
/// <param name="CertificateDaysLeft">In how many whole days that is; less than 0 once it has ended.</param>
internal sealed record ConnectorHead(
    string Id,
    string Type,
    string Name,
    string Description,
    long Revision,
    string Author,
    UnixTime UpdatedAt,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<string> UsedBy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] UnixTime? CertificateEnds,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? CertificateDaysLeft
);

/// <summary>The connectors there are.</summary>
/// <param name="Connectors">All of them, by id.</param>
internal sealed record ConnectorList(IReadOnlyList<ConnectorHead> Connectors);

/// <summary>A connector; literal secrets are <c>***</c>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Definition">The connector file.</param>
/// <param name="Actual">As this server uses it, where that differs: in the demo.</param>
/// <param name="Revision">Grows with each save; the next save names it.</param>
/// <param name="Author">Who saved it.</param>
/// <param name="UpdatedAt">When.</param>
/// <param name="Warnings">The settings whose value is dangerous: <c>insecure</c> where it trusts any certificate.</param>
/// <param name="UsedBy">The published flows that use it, themselves or through a subflow.</param>
/// <param name="CertificateEnds">When its client certificate ends; not there where it shows none, or it cannot be read.</param>
/// <param name="CertificateDaysLeft">In how many whole days that is; less than 0 once it has ended.</param>
[SchemaName("Connector")]
internal sealed record ConnectorView(
    string Id,
    FlowObject Definition,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] FlowObject? Actual,
    long Revision,
    string Author,
    UnixTime UpdatedAt,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<string> UsedBy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] UnixTime? CertificateEnds,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? CertificateDaysLeft
);

/// <summary>A connector to save.</summary>
/// <param name="Definition">The connector file; a secret of <c>***</c> stays.</param>
/// <param name="Revision">The revision that was edited.</param>
internal sealed record ConnectorBody(FlowObject Definition, long? Revision) : IRequestBody<ConnectorBody>;

/// <summary>A connector that was added.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Revision">Its revision.</param>
/// <param name="Warnings">The errors of flows that it broke.</param>
internal sealed record AddedConnector(string Id, long Revision, IReadOnlyList<FileProblem> Warnings);

/// <summary>A connector that was saved.</summary>
/// <param name="Revision">Its revision from now on.</param>
/// <param name="Warnings">The errors of flows that it broke.</param>
internal sealed record SavedConnector(long Revision, IReadOnlyList<FileProblem> Warnings);

/// <summary>What to try a connector with; other types of connectors take other members.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Endpoint">The path below the base URL.</param>
/// <param name="Query">The query's parameters.</param>
/// <param name="Headers">The headers.</param>
/// <param name="Body">The body.</param>
/// <param name="BodyType">What the body is.</param>
/// <param name="Parts">The parts of a multipart body.</param>
/// <param name="Curl">True: nothing is sent; the answer has the request as a cURL command, its secrets as variables.</param>
/// <param name="Received">A request as somebody received it: nothing is sent; the answer says which key of the connector signed it, and
/// where it differs from what was signed.</param>
/// <param name="Context">What templates read.</param>
/// <param name="Definition">The settings of a form, saved or not; without it those that are stored are tried.</param>
internal sealed record ConnectorTrial(
    string? Method = null,
    string? Endpoint = null,
    IReadOnlyDictionary<string, string>? Query = null,
    IReadOnlyDictionary<string, string>? Headers = null,
    FlowValue Body = default,
    [property: OneOf("json", "form", "text", "none", "multipart", "binary")] string? BodyType = null,
    FlowValue Parts = default,
    bool? Curl = null,
    string? Received = null,
    FlowObject? Context = null,
    FlowObject? Definition = null
);

/// <summary>Stateless: connectors: list, change, try out. No answer holds a secret.</summary>
internal static class ConnectorEndpoints
{
    /// <summary>Lists the connectors.</summary>
    public static async Task<ConnectorList> ListAsync(
        ConnectorStore store,
        FlowCatalogue catalogue,
        ConnectorCertificates certificates,
        CancellationToken cancellationToken
    )
    {
        var uses = ConnectorUse.Of(catalogue);
        return new ConnectorList([
            .. (await store.ListAsync(cancellationToken)).Select(connector => new ConnectorHead(
                connector.Id,
                connector.Definition.Get("type").ToText(),
                connector.Definition.Get("name").TryGetText(out var name) ? name : connector.Id,
                connector.Definition.Get("description").ToText(),
                connector.Revision,
                connector.Author,
                connector.UpdatedAt,
                [.. store.WarningsIn(connector.Definition)],
                [.. uses[connector.Id]],
                certificates.EndOf(connector.Id),
                certificates.DaysLeftOf(connector.Id)
            )),
        ]);
    }

    /// <summary>A connector.</summary>
    public static async Task<ConnectorView> FindAsync(
        string id,
        ConnectorStore store,
        FlowCatalogue catalogue,
        CatalogueService service,
        ConnectorCertificates certificates,
        CancellationToken cancellationToken
    ) => View(await StoredAsync(id, store, cancellationToken), store, catalogue, service, certificates);

    /// <summary>Adds a connector.</summary>
    public static async Task<AddedConnector> AddAsync(
        DefinitionBody body,
        Caller caller,
        ConnectorStore store,
        ConnectorChecks checks,
        CatalogueEffect effect,
        CancellationToken cancellationToken
    )
    {
        var definition = checks.Complete(body.Definition, null, caller.Role);
        await RefuseErrorsAsync(definition, checks, cancellationToken);
        var id = definition.Get("id").ToText();
        var note = new AuditNote(caller.Name, AuditAction.ConnectorAdd, $"connector:{id}");
        if (await store.AddAsync(id, definition, caller.Name, note, cancellationToken) is not { } revision)
            throw new ApiException(StatusCodes.Status409Conflict, ManagementErrors.ConnectorExists, $"There is a connector '{id}'.");
        return new AddedConnector(id, revision, FileProblem.Of(await effect.ApplyAsync(cancellationToken)));
    }

    /// <summary>Saves a connector.</summary>
    public static async Task<SavedConnector> SaveAsync(
        string id,
        ConnectorBody body,
        Caller caller,
        ConnectorStore store,
        ConnectorChecks checks,
        FlowCatalogue catalogue,
        CatalogueService service,
        ConnectorCertificates certificates,
        CatalogueEffect effect,
        CancellationToken cancellationToken
    )
    {
        var edited = body.Definition;
        var stored = await StoredAsync(id, store, cancellationToken);
        if (edited.Get("id") != FlowValue.From(id))
            throw new ApiException(StatusCodes.Status400BadRequest, ManagementErrors.OtherId, $"'definition.id' is not '{id}'.");
        if (stored.Revision != body.Revision)
            throw Conflict(stored);

        var completed = checks.Complete(edited, stored, caller.Role);
        await RefuseErrorsAsync(completed, checks, cancellationToken);
        var changes = ConnectorChanges.DetailOf(store, stored.Definition, completed);
        var note = new AuditNote(caller.Name, AuditAction.ConnectorSave, $"connector:{id}", changes);
        if (await store.SaveAsync(id, edited, stored.Revision, caller.Name, note, cancellationToken) is not { } saved)
            throw Conflict(await StoredAsync(id, store, cancellationToken));
        return new SavedConnector(saved, FileProblem.Of(await effect.ApplyAsync(cancellationToken)));

        ApiException Conflict(StoredConnector current) =>
            new(StatusCodes.Status409Conflict, ApiErrors.Conflict)
            {
                Members = new ProblemMembers { Current = new ProblemCurrent(View(current, store, catalogue, service, certificates)) },
            };
    }

    /// <summary>Deletes a connector that no flow uses.</summary>
    public static async Task DeleteAsync(
        string id,
        Caller caller,
        ConnectorStore store,
        FlowCatalogue catalogue,
        CatalogueEffect effect,
        CancellationToken cancellationToken
    )
    {
        await StoredAsync(id, store, cancellationToken);
        await effect.RefreshAsync(cancellationToken);
        if (ConnectorUse.Of(catalogue)[id].ToList() is { Count: > 0 } users)
        {
            throw new ApiException(
                StatusCodes.Status409Conflict,
                ManagementErrors.ConnectorInUse,
                $"'{id}' is used by {string.Join(", ", users)}."
            )
            {
                Members = new ProblemMembers { UsedBy = users },
            };
        }
        await store.DeleteAsync(id, new AuditNote(caller.Name, AuditAction.ConnectorDelete, $"connector:{id}"), cancellationToken);
        await effect.ApplyAsync(cancellationToken);
    }

    /// <summary>The problems of a definition. Of a connector that is stored, also which
    /// of its secrets have to be entered again before the caller could save it.</summary>
    public static async Task<ProblemList> ValidateAsync(
        DefinitionBody body,
        Caller caller,
        ConnectorStore store,
        ConnectorChecks checks,
        CancellationToken cancellationToken
    )
    {
        var definition = body.Definition;
        var stored =
            definition.Get("id").TryGetText(out var id) && Identifier.IsValid(id) ? await store.FindAsync(id, cancellationToken) : null;
        var secrets = stored is null ? [] : checks.CheckSecrets(definition, stored, caller.Role).Items;
        return new ProblemList(FileProblem.Of([.. await checks.DiagnoseAsync(definition, cancellationToken), .. secrets]));
    }

    /// <summary>Tries a connector out. With <c>definition</c> the settings of the form
    /// are tried, saved or not; without, those that are stored.</summary>
    public static async Task TestAsync(
        HttpContext http,
        string id,
        Caller caller,
        ConnectorStore store,
        ConnectorChecks checks,
        AuditLog audit
    )
    {
        var body = await RequestBody.ReadObjectAsync(http);
        var stored = await store.FindAsync(ApiQuery.Id(id), http.RequestAborted);
        if (stored is null && body.Get("definition").IsNothing)
            throw ApiQuery.NotFound($"There is no connector '{id}'.");
        var definition = body.Get("definition").IsNothing
            ? stored!.Definition
            : checks.Complete(RequestBody.ObjectIn(body, "definition"), stored, caller.Role);

        var (set, connector, diagnostics) = await checks.MakeAsync(definition, http.RequestAborted);
        await using (set)
        {
            if (connector is null)
                throw FlowCompilation.Invalid(diagnostics);
            await audit.WriteAsync(new AuditNote(caller.Name, AuditAction.ConnectorTest, $"connector:{id}"), http.RequestAborted);
            var result = await connector.TestAsync(RequestIn(body), http.RequestAborted);
            // The connector masks its secrets itself; this is the second line.
            await ApiAnswer.WriteAsync(http, StatusCodes.Status200OK, new Redactor(connector.SecretValues).Redact(result));
        }
    }

    private static FlowValue RequestIn(FlowObject body)
    {
        var request = new FlowObjectBuilder(body.Count);
        foreach (var (name, value) in body)
        {
            if (name != "definition" && !value.IsNothing)
                request.Set(name, value);
        }
        return FlowValue.From(request.Build());
    }

    private static async Task RefuseErrorsAsync(FlowObject definition, ConnectorChecks checks, CancellationToken cancellationToken)
    {
        var diagnostics = await checks.DiagnoseAsync(definition, cancellationToken);
        if (diagnostics.Any(problem => problem.Severity == Severity.Error))
            throw FlowCompilation.Invalid(diagnostics);
    }

    private static ConnectorView View(
        StoredConnector connector,
        ConnectorStore store,
        FlowCatalogue catalogue,
        CatalogueService service,
        ConnectorCertificates certificates
    ) =>
        new(
            connector.Id,
            store.Mask(connector.Definition),
            service.ActualOf(connector.Definition) is { } actual ? store.Mask(actual) : null,
            connector.Revision,
            connector.Author,
            connector.UpdatedAt,
            [.. store.WarningsIn(connector.Definition)],
            [.. ConnectorUse.Of(catalogue)[connector.Id]],
            certificates.EndOf(connector.Id),
            certificates.DaysLeftOf(connector.Id)
        );

    private static async Task<StoredConnector> StoredAsync(string id, ConnectorStore store, CancellationToken cancellationToken) =>
        await store.FindAsync(ApiQuery.Id(id), cancellationToken) ?? throw ApiQuery.NotFound($"There is no connector '{id}'.");
}
