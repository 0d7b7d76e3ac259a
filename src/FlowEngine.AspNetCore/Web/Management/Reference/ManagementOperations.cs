using FlowEngine.AspNetCore.Runs.Calls;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Sessions;
using FlowEngine.Errors;

namespace FlowEngine.AspNetCore.Web.Management.Reference;

/// <summary>Shared and immutable: the endpoints under <c>/api</c>, which docs/management-api.md explains.</summary>
internal static class ManagementOperations
{
    private static readonly (int, ErrorCode) Conflict = (409, ApiErrors.Conflict);
    private static readonly (int, ErrorCode) Invalid = (422, ApiErrors.Invalid);
    private static readonly (int, ErrorCode) NotFound = (404, ApiErrors.NotFound);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ApiOperation> All { get; } =
    [
        Open("GET", "/api/session", "Console", "Who is signed in") with
        {
            Answer = "Session",
        },
        Open("POST", "/api/session", "Console", "Signs in") with
        {
            Body = "{ name: string, password: string }",
            Answer = "Session",
            Errors = [(401, ConsoleErrors.Credentials), (429, ConsoleErrors.TooManyTries)],
        },
        Closed("DELETE", "/api/session", "Console", "Signs out") with
        {
            Status = 204,
        },
        Open("POST", "/api/setup", "Console", "Makes the first admin") with
        {
            Body = "{ token: string, name: string, password: string }",
            Answer = "Session",
            Errors =
            [
                (403, ConsoleErrors.Setup),
                (422, ConsoleErrors.Name),
                (422, ConsoleErrors.Password),
                (429, ConsoleErrors.TooManyTries),
            ],
        },
        Closed("POST", "/api/session/password", "Console", "Changes one's own password") with
        {
            Status = 204,
            Body = "{ current: string, password: string }",
            Errors = [(401, ConsoleErrors.Credentials), (422, ConsoleErrors.Password), (429, ConsoleErrors.TooManyTries)],
        },
        Closed("GET", "/api/users", "People", "The people of the console") with
        {
            Answer = "{ users: Person[] }",
        },
        Closed("POST", "/api/users", "People", "Adds a person") with
        {
            Status = 201,
            Body = "{ name: string, password: string, role: Role }",
            Errors = [(409, ConsoleErrors.UserExists), (422, ConsoleErrors.Name), (422, ConsoleErrors.Password), (422, ConsoleErrors.Role)],
        },
        Closed("PATCH", "/api/users/{name}", "People", "Changes role or password; the person's sessions end") with
        {
            Status = 204,
            Body = "{ role?: Role, password?: string }",
            Errors = [NotFound, (409, ConsoleErrors.LastAdmin), (422, ConsoleErrors.Password), (422, ConsoleErrors.Role)],
        },
        Closed("DELETE", "/api/users/{name}", "People", "Removes a person") with
        {
            Status = 204,
            Errors = [NotFound, (409, ConsoleErrors.LastAdmin)],
        },
        Closed("GET", "/api/audit", "People", "The audit log, the newest first") with
        {
            Query = "subject?: string, actor?: string, before?: integer, limit?: integer",
            Answer = "{ entries: AuditEntry[], next: integer | null }",
        },
        Closed("GET", "/api/schema", "Schema", "What forms are made of") with
        {
            Answer = "DesignerSchema",
        },
        Closed("GET", "/api/flows", "Flow definitions", "The flows") with
        {
            Answer = "{ flows: FlowHead[] }",
        },
        Closed("POST", "/api/flows", "Flow definitions", "Begins a draft of a new flow") with
        {
            Status = 201,
            Body = "{ definition: object }",
            Answer = "{ id: string, revision: integer }",
            Errors = [(400, FlowErrors.Id), (409, ManagementErrors.FlowExists)],
        },
        Closed("GET", "/api/flows/{id}", "Flow definitions", "A flow: what is published, and its draft") with
        {
            Answer = "Flow",
            Errors = [NotFound],
        },
        Closed(
            "DELETE",
            "/api/flows/{id}",
            "Flow definitions",
            "Deletes a flow that no flow uses: no run starts any more, those in progress go on"
        ) with
        {
            Status = 204,
            Errors = [NotFound, (409, ManagementErrors.FlowInUse)],
        },
        Closed("PUT", "/api/flows/{id}/draft", "Flow definitions", "Saves the draft") with
        {
            Body = "{ definition: object, revision: integer | null }",
            Answer = "{ revision: integer }",
            Errors = [NotFound, Conflict],
        },
        Closed("DELETE", "/api/flows/{id}/draft", "Flow definitions", "Discards the draft; with `revision` only this one") with
        {
            Status = 204,
            Query = "revision?: integer",
            Errors = [NotFound, Conflict],
        },
        Closed("POST", "/api/flows/validate", "Flow definitions", "The problems of a definition") with
        {
            Body = "{ definition: object }",
            Answer = "{ diagnostics: Diagnostic[] }",
        },
        Closed("POST", "/api/flows/{id}/publish", "Flow definitions", "Publishes the draft") with
        {
            Body = "{ revision: integer, note?: string }",
            Answer = "{ version: integer, warnings: Diagnostic[] }",
            Errors = [NotFound, Conflict, Invalid],
        },
        Closed("GET", "/api/flows/{id}/versions", "Flow definitions", "The published versions, the newest first") with
        {
            Query = "before?: integer, limit?: integer",
            Answer = "{ versions: FlowVersion[], next: integer | null }",
            Errors = [NotFound],
        },
        Closed("GET", "/api/flows/{id}/versions/{version}", "Flow definitions", "A version with its definition") with
        {
            Answer = "FlowVersion",
            Errors = [NotFound],
        },
        Closed(
            "POST",
            "/api/flows/{id}/versions/{version}/restore",
            "Flow definitions",
            "Publishes an old definition as a new version"
        ) with
        {
            Body = "{ note?: string }",
            Answer = "{ version: integer, warnings: Diagnostic[] }",
            Errors = [NotFound, Invalid],
        },
        Closed("GET", "/api/flows/{id}/diff", "Flow definitions", "What differs between two versions") with
        {
            Description = "Each of `from` and `to` is a version's number, `draft` or `published`.",
            Query = "from: string, to: string",
            Answer = "{ changes: Change[], truncated?: boolean }",
            Errors = [NotFound],
        },
        Closed("POST", "/api/flows/diff", "Flow definitions", "What differs between two definitions") with
        {
            Body = "{ from: object, to: object }",
            Answer = "{ changes: Change[], truncated?: boolean }",
        },
        Closed("POST", "/api/flows/import", "Flow definitions", "Reads a flow file or an Elsa 3 definition; saves nothing") with
        {
            Body = "{ content: string, fileName: string }",
            Answer = "{ definition: object | null, diagnostics: Diagnostic[] }",
        },
        Closed("GET", "/api/flows/{id}/export", "Flow definitions", "The flow as a file") with
        {
            Query = """version?: string, format?: "flow" | "elsa" """,
            Answer = "object",
            Errors = [NotFound],
        },
        Closed("POST", "/api/flows/try", "Flow definitions", "Runs a definition without storing a run or issuing tokens") with
        {
            Body = "TryRequest",
            Answer = "TryAnswer",
            Errors = [Invalid, (409, ManagementErrors.TryOver)],
        },
        Closed(
            "POST",
            "/api/screens/preview",
            "Flow definitions",
            "A screen as people will see it, as HTML for a frame without scripts"
        ) with
        {
            Body =
                """{ screen: object, form?: Form, context?: map<any>, errorText?: string, locale?: string, locales?: map<map<string>>, theme?: "light" | "dark" }""",
            Answer = "{ html: string, diagnostics: Diagnostic[] }",
        },
        Closed("GET", "/api/connectors", "Connectors", "The connectors") with
        {
            Answer = "{ connectors: ConnectorHead[] }",
        },
        Closed("POST", "/api/connectors", "Connectors", "Adds a connector") with
        {
            Status = 201,
            Body = "{ definition: object }",
            Answer = "{ id: string, revision: integer, warnings: Diagnostic[] }",
            Errors = [(409, ManagementErrors.ConnectorExists), Invalid],
        },
        Closed("GET", "/api/connectors/{id}", "Connectors", "A connector; literal secrets are `***`") with
        {
            Answer = "Connector",
            Errors = [NotFound],
        },
        Closed("PUT", "/api/connectors/{id}", "Connectors", "Saves a connector; a secret of `***` stays") with
        {
            Body = "{ definition: object, revision: integer }",
            Answer = "{ revision: integer, warnings: Diagnostic[] }",
            Errors = [NotFound, Conflict, Invalid],
        },
        Closed("DELETE", "/api/connectors/{id}", "Connectors", "Deletes a connector that no flow uses") with
        {
            Status = 204,
            Errors = [NotFound, (409, ManagementErrors.ConnectorInUse)],
        },
        Closed("POST", "/api/connectors/validate", "Connectors", "The problems of a connector's definition") with
        {
            Body = "{ definition: object }",
            Answer = "{ diagnostics: Diagnostic[] }",
        },
        Closed("POST", "/api/connectors/{id}/test", "Connectors", "Tries a connector out") with
        {
            Body = "ConnectorTrial",
            Answer = "object",
            Errors = [NotFound, Invalid],
        },
        Closed("GET", "/api/egress", "Connectors", "The addresses that requests leave from") with
        {
            Answer = "{ addresses: string[], staticIps: string[], proxies: string[], allowPrivateNetworks: boolean }",
        },
        Closed("GET", "/api/runs", "Runs", "Runs, the newest first") with
        {
            Query =
                "flow?: string, status?: string, person?: string, errors?: boolean, errorCode?: string, activity?: string, connector?: string, error?: string, from?: time, until?: time, cursor?: string, limit?: integer",
            Answer = "{ runs: Run[], next: string | null }",
        },
        Closed("GET", "/api/runs/search", "Runs", "What a text may mean: a run's number, id or short reference, or a person") with
        {
            Query = "text?: string",
            Answer = """{ matches: { by: "number" | "id" | "reference" | "person", run: Run }[] }""",
        },
        Closed("GET", "/api/runs/{id}", "Runs", "A run with its trace and the definition that it ran; by id or number") with
        {
            Answer = "RunDetail",
            Errors = [NotFound],
        },
        Closed("GET", "/api/calls", "Calls", "Durable calls that wait to be delivered, or were given up; the newest first") with
        {
            Query = "status?: \"queued\" | \"dead\", connector?: string, limit?: integer, cursor?: string",
            Answer = "{ calls: QueuedCall[], next: string | null }",
        },
        Closed("POST", "/api/calls/{id}/retry", "Calls", "Has a call delivered now, also one that was given up") with
        {
            Status = 204,
            Errors = [(404, CallErrors.Gone)],
        },
        Closed("DELETE", "/api/calls/{id}", "Calls", "Removes a call undelivered") with
        {
            Status = 204,
            Errors = [(404, CallErrors.Gone)],
        },
        Closed("POST", "/api/runs/{id}/cancel", "Runs", "Ends a run that waits") with
        {
            Status = 204,
            Errors = [NotFound, (409, ManagementErrors.RunEnded)],
        },
        Closed("GET", "/api/runs/{id}/case", "Runs", "The run as a golden case, secrets replaced") with
        {
            Answer = "{ case: object, fileName: string, warnings: string[] }",
            Errors = [NotFound],
        },
    ];

    private static ApiOperation Open(string method, string path, string group, string summary) =>
        new(method, path, summary) { Group = group };

    private static ApiOperation Closed(string method, string path, string group, string summary) =>
        new(method, path, summary) { Group = group, Credential = Credential.Management };
}
