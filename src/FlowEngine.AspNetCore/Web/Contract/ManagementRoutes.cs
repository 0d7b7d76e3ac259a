using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using FlowEngine.AspNetCore.Runs.Calls;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.AspNetCore.Web.Management.Calls;
using FlowEngine.AspNetCore.Web.Management.Connectors;
using FlowEngine.AspNetCore.Web.Management.Environments;
using FlowEngine.AspNetCore.Web.Management.Flows;
using FlowEngine.AspNetCore.Web.Management.Overview;
using FlowEngine.AspNetCore.Web.Management.People;
using FlowEngine.AspNetCore.Web.Management.Runs;
using FlowEngine.AspNetCore.Web.Management.Runs.Cases;
using FlowEngine.AspNetCore.Web.Management.Schema;
using FlowEngine.AspNetCore.Web.Management.Screens;
using FlowEngine.AspNetCore.Web.Management.Sessions;
using FlowEngine.Context;
using FlowEngine.Errors;

namespace FlowEngine.AspNetCore.Web.Contract;

/// <summary>Shared and immutable: the endpoints under <c>/api</c>, which docs/management-api.md explains: a line for each.</summary>
internal static class ManagementRoutes
{
    private static readonly (int, ErrorCode) Conflict = (409, ApiErrors.Conflict);
    private static readonly (int, ErrorCode) Invalid = (422, ApiErrors.Invalid);
    private static readonly (int, ErrorCode) NotFound = (404, ApiErrors.NotFound);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ApiRoute> All { get; } =
    [
        Open("GET", "/api/session", SessionEndpoints.FindAsync, "Console", "Who is signed in"),
        Open("POST", "/api/session", SessionEndpoints.SignInAsync, "Console", "Signs in") with
        {
            Errors = [(401, ConsoleErrors.Credentials), (429, ConsoleErrors.TooManyTries), (422, ConsoleErrors.Password)],
        },
        Closed(Role.Viewer, "DELETE", "/api/session", SessionEndpoints.SignOutAsync, "Console", "Signs out") with
        {
            Status = 204,
        },
        Open("POST", "/api/setup", SessionEndpoints.SetUpAsync, "Console", "Makes the first admin") with
        {
            Errors =
            [
                (403, ConsoleErrors.Setup),
                (422, ConsoleErrors.Name),
                (422, ConsoleErrors.Password),
                (429, ConsoleErrors.TooManyTries),
            ],
        },
        Closed(
            Role.Viewer,
            "POST",
            "/api/session/password",
            SessionEndpoints.ChangePasswordAsync,
            "Console",
            "Changes one's own password"
        ) with
        {
            Status = 204,
            Errors = [(401, ConsoleErrors.Credentials), (422, ConsoleErrors.Password), (429, ConsoleErrors.TooManyTries)],
        },
        Closed(Role.Admin, "GET", "/api/users", UserEndpoints.ListAsync, "People", "The people of the console"),
        Closed(Role.Admin, "POST", "/api/users", UserEndpoints.AddAsync, "People", "Adds a person") with
        {
            Status = 201,
            Errors = [(409, ConsoleErrors.UserExists), (422, ConsoleErrors.Name), (422, ConsoleErrors.Password), (422, ConsoleErrors.Role)],
        },
        Closed(
            Role.Admin,
            "PATCH",
            "/api/users/{name}",
            UserEndpoints.ChangeAsync,
            "People",
            "Changes role or password; the person's sessions end"
        ) with
        {
            Status = 204,
            Errors = [NotFound, (409, ConsoleErrors.LastAdmin), (422, ConsoleErrors.Password), (422, ConsoleErrors.Role)],
        },
        Closed(Role.Admin, "DELETE", "/api/users/{name}", UserEndpoints.DeleteAsync, "People", "Removes a person") with
        {
            Status = 204,
            Errors = [NotFound, (409, ConsoleErrors.LastAdmin)],
        },
        Closed(Role.Admin, "GET", "/api/audit", AuditEndpoints.ListAsync, "People", "The audit log, the newest first"),
        Closed(Role.Viewer, "GET", "/api/overview", OverviewEndpoints.FindAsync, "Overview", "How everything is, in numbers") with
        {
            Description =
                "Runs that began and ended, what is broken since when, connectors, screens, what waits, storage and servers. They are "
                + "counted within seconds, on all nodes.",
        },
        Closed(Role.Viewer, "GET", "/api/schema", SchemaEndpoints.FindAsync, "Schema", "What forms are made of") with
        {
            Answer = typeof(DesignerParts),
        },
        Closed(Role.Viewer, "GET", "/api/flows", DraftEndpoints.ListAsync, "Flow definitions", "The flows"),
        Closed(Role.Designer, "POST", "/api/flows", DraftEndpoints.AddAsync, "Flow definitions", "Begins a draft of a new flow") with
        {
            Status = 201,
            Size = BodySize.Definition,
            Errors = [(400, FlowErrors.Id), (409, ManagementErrors.FlowExists)],
        },
        Closed(
            Role.Viewer,
            "GET",
            "/api/flows/{id}",
            DraftEndpoints.FindAsync,
            "Flow definitions",
            "A flow: what is published, and its draft"
        ) with
        {
            Errors = [NotFound],
        },
        Closed(
            Role.Designer,
            "DELETE",
            "/api/flows/{id}",
            PublicationEndpoints.DeleteAsync,
            "Flow definitions",
            "Deletes a flow that no flow uses: no run starts any more, those in progress go on"
        ) with
        {
            Status = 204,
            Errors = [NotFound, (409, ManagementErrors.FlowInUse)],
        },
        Closed(Role.Designer, "PUT", "/api/flows/{id}/draft", DraftEndpoints.SaveAsync, "Flow definitions", "Saves the draft") with
        {
            Size = BodySize.Definition,
            Errors = [NotFound, Conflict, (400, ManagementErrors.OtherId)],
        },
        Closed(
            Role.Designer,
            "DELETE",
            "/api/flows/{id}/draft",
            DraftEndpoints.DiscardAsync,
            "Flow definitions",
            "Discards the draft; with `revision` only this one"
        ) with
        {
            Status = 204,
            Errors = [NotFound, Conflict],
        },
        Closed(Role.Viewer, "POST", "/api/flows/validate", DraftEndpoints.Validate, "Flow definitions", "The problems of a definition") with
        {
            Size = BodySize.Definition,
        },
        Closed(
            Role.Designer,
            "POST",
            "/api/flows/{id}/publish",
            PublicationEndpoints.PublishAsync,
            "Flow definitions",
            "Publishes the draft"
        ) with
        {
            Errors = [NotFound, Conflict, (403, ManagementErrors.SecondPerson), Invalid],
        },
        Closed(
            Role.Viewer,
            "GET",
            "/api/flows/{id}/accepted",
            AcceptedEndpoints.ListAsync,
            "Flow definitions",
            "The failures that the published version accepts, and who published each first"
        ) with
        {
            Errors = [NotFound],
        },
        Closed(
            Role.Viewer,
            "GET",
            "/api/flows/{id}/counts",
            OverviewEndpoints.FindCountsAsync,
            "Flow definitions",
            "How often each outcome of a published flow was taken"
        ) with
        {
            Errors = [NotFound],
        },
        Closed(
            Role.Viewer,
            "GET",
            "/api/flows/{id}/versions",
            PublicationEndpoints.ListAsync,
            "Flow definitions",
            "The published versions, the newest first"
        ) with
        {
            Errors = [NotFound],
        },
        Closed(
            Role.Viewer,
            "GET",
            "/api/flows/{id}/versions/{version:int}",
            PublicationEndpoints.FindAsync,
            "Flow definitions",
            "A version with its definition"
        ) with
        {
            Errors = [NotFound],
        },
        Closed(
            Role.Designer,
            "POST",
            "/api/flows/{id}/versions/{version:int}/restore",
            PublicationEndpoints.RestoreAsync,
            "Flow definitions",
            "Publishes an old definition as a new version"
        ) with
        {
            IsBodyOptional = true,
            Errors = [NotFound, Invalid],
        },
        Closed(
            Role.Viewer,
            "GET",
            "/api/flows/{id}/diff",
            DiffEndpoints.OfVersionsAsync,
            "Flow definitions",
            "What differs between two versions"
        ) with
        {
            Description = "Each of `from` and `to` is a version's number, `draft` or `published`.",
            Errors = [NotFound],
        },
        Closed(
            Role.Viewer,
            "POST",
            "/api/flows/diff",
            DiffEndpoints.OfDefinitions,
            "Flow definitions",
            "What differs between two definitions"
        ) with
        {
            Size = BodySize.Definition,
        },
        Closed(
            Role.Designer,
            "POST",
            "/api/flows/import",
            FlowFileEndpoints.Import,
            "Flow definitions",
            "Reads a flow file or an Elsa 3 definition; saves nothing"
        ) with
        {
            Size = BodySize.Definition,
        },
        Closed(Role.Viewer, "GET", "/api/flows/{id}/export", FlowFileEndpoints.ExportAsync, "Flow definitions", "The flow as a file") with
        {
            Answer = typeof(JsonObject),
            AnswerHeaders = [(AnswerWarnings.Header, AnswerWarnings.Description)],
            Errors = [NotFound, Invalid],
        },
        Closed(
            Role.Designer,
            "POST",
            "/api/flows/try",
            TryEndpoint.TryAsync,
            "Flow definitions",
            "Runs a definition without storing a run or issuing tokens"
        ) with
        {
            Size = BodySize.Definition,
            Errors = [Invalid, (409, ManagementErrors.TryOver)],
        },
        Closed(
            Role.Designer,
            "POST",
            "/api/flows/drill",
            DrillEndpoint.DrillAsync,
            "Flow definitions",
            "Where people end up when what a definition asks fails"
        ) with
        {
            Description =
                "Runs the definition once for each activity that asks somebody and each way in which that can end, everything else "
                + "as in a case. No connector is called.",
            Size = BodySize.Definition,
            Errors = [Invalid],
        },
        Closed(
            Role.Designer,
            "POST",
            "/api/screens/preview",
            ScreenPreviewEndpoint.Show,
            "Flow definitions",
            "A screen as people will see it, as HTML for a frame without scripts"
        ) with
        {
            Size = BodySize.Definition,
        },
        Closed(Role.Viewer, "GET", "/api/connectors", ConnectorEndpoints.ListAsync, "Connectors", "The connectors"),
        Closed(Role.Designer, "POST", "/api/connectors", ConnectorEndpoints.AddAsync, "Connectors", "Adds a connector") with
        {
            Status = 201,
            Size = BodySize.Definition,
            Errors = [(409, ManagementErrors.ConnectorExists), Invalid],
        },
        Closed(
            Role.Viewer,
            "GET",
            "/api/connectors/{id}",
            ConnectorEndpoints.FindAsync,
            "Connectors",
            "A connector; literal secrets are `***`"
        ) with
        {
            Errors = [NotFound],
        },
        Closed(
            Role.Designer,
            "PUT",
            "/api/connectors/{id}",
            ConnectorEndpoints.SaveAsync,
            "Connectors",
            "Saves a connector; a secret of `***` stays"
        ) with
        {
            Size = BodySize.Definition,
            Errors = [NotFound, Conflict, Invalid, (400, ManagementErrors.OtherId)],
        },
        Closed(
            Role.Designer,
            "DELETE",
            "/api/connectors/{id}",
            ConnectorEndpoints.DeleteAsync,
            "Connectors",
            "Deletes a connector that no flow uses"
        ) with
        {
            Status = 204,
            Errors = [NotFound, (409, ManagementErrors.ConnectorInUse)],
        },
        Closed(
            Role.Viewer,
            "POST",
            "/api/connectors/validate",
            ConnectorEndpoints.ValidateAsync,
            "Connectors",
            "The problems of a connector's definition"
        ) with
        {
            Size = BodySize.Definition,
        },
        Closed(Role.Designer, "POST", "/api/connectors/{id}/test", ConnectorEndpoints.TestAsync, "Connectors", "Tries a connector out") with
        {
            Size = BodySize.Definition,
            Body = typeof(ConnectorTrial),
            Answer = typeof(JsonObject),
            Errors = [NotFound, Invalid],
        },
        Closed(
            Role.Viewer,
            "GET",
            "/api/environment",
            EnvironmentEndpoints.FindAsync,
            "Environments",
            "What was applied from a folder last, and what differs from it"
        ),
        Closed(
            Role.Designer,
            "POST",
            "/api/environment/plan",
            EnvironmentEndpoints.PlanAsync,
            "Environments",
            "What applying a folder of flows and connectors would change; changes nothing"
        ) with
        {
            Size = BodySize.Environment,
        },
        Closed(
            Role.Designer,
            "POST",
            "/api/environment/apply",
            EnvironmentEndpoints.ApplyAsync,
            "Environments",
            "Applies what was planned, all of it or nothing"
        ) with
        {
            Size = BodySize.Environment,
            Errors = [(409, ManagementErrors.EnvironmentChanged), (403, ManagementErrors.SecondPerson), Invalid],
        },
        Closed(Role.Viewer, "GET", "/api/egress", EgressEndpoints.Find, "Connectors", "The addresses that requests leave from"),
        Closed(Role.Viewer, "GET", "/api/runs", RunEndpoints.ListAsync, "Runs", "Runs, the newest first"),
        Closed(
            Role.Viewer,
            "GET",
            "/api/runs/search",
            RunEndpoints.SearchAsync,
            "Runs",
            "What a text may mean: a run's number, id or short reference, or a person"
        ),
        Closed(
            Role.Viewer,
            "GET",
            "/api/runs/{id}",
            RunEndpoints.FindAsync,
            "Runs",
            "A run with its trace and the definition that it ran; by id or number"
        ) with
        {
            Errors = [NotFound],
        },
        Closed(
            Role.Viewer,
            "GET",
            "/api/calls",
            CallEndpoints.ListAsync,
            "Calls",
            "Durable calls that wait to be delivered, or were given up; the newest first"
        ),
        Closed(
            Role.Designer,
            "POST",
            "/api/calls/{id}/retry",
            CallEndpoints.RetryAsync,
            "Calls",
            "Has a call delivered now, also one that was given up"
        ) with
        {
            Status = 204,
            Errors = [(404, CallErrors.Gone)],
        },
        Closed(Role.Designer, "DELETE", "/api/calls/{id}", CallEndpoints.RemoveAsync, "Calls", "Removes a call undelivered") with
        {
            Status = 204,
            Errors = [(404, CallErrors.Gone)],
        },
        Closed(Role.Designer, "POST", "/api/runs/{id}/cancel", RunEndpoints.CancelAsync, "Runs", "Ends a run that waits") with
        {
            Status = 204,
            Errors = [NotFound, (409, ManagementErrors.RunEnded)],
        },
        Closed(
            Role.Designer,
            "GET",
            "/api/runs/{id}/case",
            CaseEndpoint.MakeAsync,
            "Runs",
            "The run as a golden case, secrets replaced"
        ) with
        {
            Errors = [NotFound],
        },
    ];

    private static ApiRoute Open(string method, string path, Delegate handler, string group, string summary) =>
        new(method, path, handler, summary)
        {
            Group = group,
            Credential = Credential.None,
            Limit = RateLimits.Management,
        };

    private static ApiRoute Closed(Role role, string method, string path, Delegate handler, string group, string summary) =>
        Open(method, path, handler, group, summary) with
        {
            Credential = Credential.Management,
            Role = role,
        };
}

/// <summary>Shared and immutable: what is known of each record that these endpoints take or return, written when the server is
/// built.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters = [typeof(FlowValueConverter), typeof(FlowObjectConverter), typeof(UnixTimeConverter)]
)]
[JsonSerializable(typeof(SignIn))]
[JsonSerializable(typeof(Setup))]
[JsonSerializable(typeof(PasswordChange))]
[JsonSerializable(typeof(Session))]
[JsonSerializable(typeof(PersonList))]
[JsonSerializable(typeof(NewPerson))]
[JsonSerializable(typeof(AddedPerson))]
[JsonSerializable(typeof(PersonChange))]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(DefinitionBody))]
[JsonSerializable(typeof(FlowJudgement))]
[JsonSerializable(typeof(ProblemList))]
[JsonSerializable(typeof(FlowList))]
[JsonSerializable(typeof(FlowView))]
[JsonSerializable(typeof(AddedDraft))]
[JsonSerializable(typeof(DraftBody))]
[JsonSerializable(typeof(SavedDraft))]
[JsonSerializable(typeof(PublishBody))]
[JsonSerializable(typeof(RestoreBody))]
[JsonSerializable(typeof(Publication))]
[JsonSerializable(typeof(AcceptedFailureList))]
[JsonSerializable(typeof(FlowVersionPage))]
[JsonSerializable(typeof(FlowVersionView))]
[JsonSerializable(typeof(DiffBody))]
[JsonSerializable(typeof(ChangeList))]
[JsonSerializable(typeof(ImportBody))]
[JsonSerializable(typeof(ImportedFlow))]
[JsonSerializable(typeof(AnswerWarnings))]
[JsonSerializable(typeof(TryBody))]
[JsonSerializable(typeof(TryAnswer))]
[JsonSerializable(typeof(DrillBody))]
[JsonSerializable(typeof(DrillAnswer))]
[JsonSerializable(typeof(PreviewBody))]
[JsonSerializable(typeof(Preview))]
[JsonSerializable(typeof(ConnectorList))]
[JsonSerializable(typeof(ConnectorView))]
[JsonSerializable(typeof(ConnectorBody))]
[JsonSerializable(typeof(AddedConnector))]
[JsonSerializable(typeof(SavedConnector))]
[JsonSerializable(typeof(EnvironmentBody))]
[JsonSerializable(typeof(EnvironmentPlan))]
[JsonSerializable(typeof(EnvironmentView))]
[JsonSerializable(typeof(Egress))]
[JsonSerializable(typeof(RunPage))]
[JsonSerializable(typeof(RunMatches))]
[JsonSerializable(typeof(RunDetail))]
[JsonSerializable(typeof(GoldenCaseFile))]
[JsonSerializable(typeof(QueuedCallPage))]
[JsonSerializable(typeof(OverviewView))]
[JsonSerializable(typeof(FlowCounts))]
internal sealed partial class ManagementJson : JsonSerializerContext;
