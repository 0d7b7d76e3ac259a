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

/// <summary>Stateless: connectors: list, change, try out. No answer holds a secret.</summary>
internal static class ConnectorEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapConnectors(this IEndpointRouteBuilder api)
    {
        api.MapGet("/connectors", ListAsync).RequireRole(Role.Viewer);
        api.MapPost("/connectors", AddAsync).RequireRole(Role.Designer);
        api.MapGet("/connectors/{id}", FindAsync).RequireRole(Role.Viewer);
        api.MapPut("/connectors/{id}", SaveAsync).RequireRole(Role.Designer);
        api.MapDelete("/connectors/{id}", DeleteAsync).RequireRole(Role.Designer);
        api.MapPost("/connectors/validate", ValidateAsync).RequireRole(Role.Viewer);
        api.MapPost("/connectors/{id}/test", TestAsync).RequireRole(Role.Designer);
    }

    private static async Task ListAsync(HttpContext http, ConnectorStore store, FlowCatalogue catalogue)
    {
        var uses = ConnectorUse.Of(catalogue);
        var connectors = (await store.ListAsync(http.RequestAborted)).Select(connector =>
            ApiJson.Object(
                ("id", FlowValue.From(connector.Id)),
                ("type", connector.Definition.Get("type")),
                ("name", FlowValue.From(connector.Definition.Get("name").TryGetText(out var name) ? name : connector.Id)),
                ("description", FlowValue.From(connector.Definition.Get("description").ToText())),
                ("revision", FlowValue.From(connector.Revision)),
                ("author", FlowValue.From(connector.Author)),
                ("updatedAt", ApiJson.Time(connector.UpdatedAt)),
                ("warnings", ApiJson.Texts(store.WarningsIn(connector.Definition))),
                ("usedBy", ApiJson.Texts(uses[connector.Id]))
            )
        );
        await ApiAnswer.WriteAsync(http, ApiJson.Object(("connectors", ApiJson.Array(connectors))));
    }

    private static async Task FindAsync(
        HttpContext http,
        string id,
        ConnectorStore store,
        FlowCatalogue catalogue,
        CatalogueService service
    ) => await ApiAnswer.WriteAsync(http, View(await StoredAsync(http, id, store), store, catalogue, service));

    private static async Task AddAsync(
        HttpContext http,
        Caller caller,
        ConnectorStore store,
        ConnectorChecks checks,
        CatalogueEffect effect,
        AuditLog audit
    )
    {
        var definition = checks.Complete(ApiBody.RequiredMembers(await ApiBody.ReadLargeAsync(http), "definition"), null, caller.Role);
        await RefuseErrorsAsync(definition, checks, http.RequestAborted);
        var id = definition.Get("id").ToText();
        if (await store.AddAsync(id, definition, caller.Name, http.RequestAborted) is not { } revision)
            throw new ApiException(StatusCodes.Status409Conflict, ManagementErrors.ConnectorExists, $"There is a connector '{id}'.");
        await audit.WriteAsync(caller.Name, AuditAction.ConnectorAdd, $"connector:{id}", null, http.RequestAborted);
        var broken = await effect.ApplyAsync(http.RequestAborted);
        await ApiAnswer.WriteAsync(
            http,
            StatusCodes.Status201Created,
            ApiJson.Object(("id", FlowValue.From(id)), ("revision", FlowValue.From(revision)), ("warnings", ApiJson.Diagnostics(broken)))
        );
    }

    private static async Task SaveAsync(
        HttpContext http,
        string id,
        Caller caller,
        ConnectorStore store,
        ConnectorChecks checks,
        FlowCatalogue catalogue,
        CatalogueService service,
        CatalogueEffect effect,
        AuditLog audit
    )
    {
        var body = await ApiBody.ReadLargeAsync(http);
        var (edited, revision) = (ApiBody.RequiredMembers(body, "definition"), ApiBody.OptionalNumber(body, "revision"));
        var stored = await StoredAsync(http, id, store);
        if (edited.Get("id") != FlowValue.From(id))
            throw new ApiException(StatusCodes.Status400BadRequest, ManagementErrors.OtherId, $"'definition.id' is not '{id}'.");
        if (stored.Revision != revision)
            throw Conflict(stored);

        await RefuseErrorsAsync(checks.Complete(edited, stored, caller.Role), checks, http.RequestAborted);
        if (await store.SaveAsync(id, edited, stored.Revision, caller.Name, http.RequestAborted) is not { } saved)
            throw Conflict(await StoredAsync(http, id, store));
        await audit.WriteAsync(caller.Name, AuditAction.ConnectorSave, $"connector:{id}", null, http.RequestAborted);
        var broken = await effect.ApplyAsync(http.RequestAborted);
        await ApiAnswer.WriteAsync(http, ApiJson.Object(("revision", FlowValue.From(saved)), ("warnings", ApiJson.Diagnostics(broken))));

        ApiException Conflict(StoredConnector current) =>
            new(StatusCodes.Status409Conflict, ApiErrors.Conflict)
            {
                Members = ApiJson.Object(("current", View(current, store, catalogue, service))),
            };
    }

    private static async Task DeleteAsync(
        HttpContext http,
        string id,
        Caller caller,
        ConnectorStore store,
        FlowCatalogue catalogue,
        CatalogueEffect effect,
        AuditLog audit
    )
    {
        await StoredAsync(http, id, store);
        await effect.RefreshAsync(http.RequestAborted);
        if (ConnectorUse.Of(catalogue)[id].ToList() is { Count: > 0 } users)
        {
            throw new ApiException(
                StatusCodes.Status409Conflict,
                ManagementErrors.ConnectorInUse,
                $"'{id}' is used by {string.Join(", ", users)}."
            )
            {
                Members = ApiJson.Object(("usedBy", ApiJson.Texts(users))),
            };
        }
        await store.DeleteAsync(id, http.RequestAborted);
        await audit.WriteAsync(caller.Name, AuditAction.ConnectorDelete, $"connector:{id}", null, http.RequestAborted);
        await effect.ApplyAsync(http.RequestAborted);
        await ApiAnswer.DoneAsync(http);
    }

    /// <summary>Of a connector that is stored, also which of its secrets
    /// have to be entered again before the caller could save it.</summary>
    private static async Task ValidateAsync(HttpContext http, Caller caller, ConnectorStore store, ConnectorChecks checks)
    {
        var definition = ApiBody.RequiredMembers(await ApiBody.ReadLargeAsync(http), "definition");
        var stored =
            definition.Get("id").TryGetText(out var id) && Identifier.IsValid(id) ? await store.FindAsync(id, http.RequestAborted) : null;
        var secrets = stored is null ? [] : checks.CheckSecrets(definition, stored, caller.Role).Items;
        await ApiAnswer.WriteAsync(
            http,
            ApiJson.Object(
                ("diagnostics", ApiJson.Diagnostics([.. await checks.DiagnoseAsync(definition, http.RequestAborted), .. secrets]))
            )
        );
    }

    /// <summary>With <c>definition</c> the settings of the form are tried, saved or not; without, those that are stored.</summary>
    private static async Task TestAsync(
        HttpContext http,
        string id,
        Caller caller,
        ConnectorStore store,
        ConnectorChecks checks,
        AuditLog audit
    )
    {
        var body = await ApiBody.ReadLargeAsync(http);
        var stored = await store.FindAsync(ApiQuery.Id(id), http.RequestAborted);
        if (stored is null && body.Get("definition").IsNothing)
            throw ApiQuery.NotFound($"There is no connector '{id}'.");
        var definition = body.Get("definition").IsNothing
            ? stored!.Definition
            : checks.Complete(ApiBody.RequiredMembers(body, "definition"), stored, caller.Role);

        var (set, connector, diagnostics) = await checks.MakeAsync(definition, http.RequestAborted);
        await using (set)
        {
            if (connector is null)
                throw FlowCompilation.Invalid(diagnostics);
            await audit.WriteAsync(caller.Name, AuditAction.ConnectorTest, $"connector:{id}", null, http.RequestAborted);
            var result = await connector.TestAsync(RequestIn(body), http.RequestAborted);
            // The connector masks its secrets itself; this is the second line.
            await ApiAnswer.WriteAsync(http, new Redactor(connector.SecretValues).Redact(result));
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

    private static FlowValue View(StoredConnector connector, ConnectorStore store, FlowCatalogue catalogue, CatalogueService service) =>
        ApiJson.Object(
            ("id", FlowValue.From(connector.Id)),
            ("definition", FlowValue.From(store.Mask(connector.Definition))),
            ("actual", service.ActualOf(connector.Definition) is { } actual ? FlowValue.From(store.Mask(actual)) : FlowValue.Missing),
            ("revision", FlowValue.From(connector.Revision)),
            ("author", FlowValue.From(connector.Author)),
            ("updatedAt", ApiJson.Time(connector.UpdatedAt)),
            ("warnings", ApiJson.Texts(store.WarningsIn(connector.Definition))),
            ("usedBy", ApiJson.Texts(ConnectorUse.Of(catalogue)[connector.Id]))
        );

    private static async Task<StoredConnector> StoredAsync(HttpContext http, string id, ConnectorStore store) =>
        await store.FindAsync(ApiQuery.Id(id), http.RequestAborted) ?? throw ApiQuery.NotFound($"There is no connector '{id}'.");
}
