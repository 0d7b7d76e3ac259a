using System.Text.Json.Serialization;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Calls;
using FlowEngine.AspNetCore.Web.Management.Connectors;
using FlowEngine.AspNetCore.Web.Management.Flows;
using FlowEngine.AspNetCore.Web.Management.People;
using FlowEngine.AspNetCore.Web.Management.Runs;
using FlowEngine.AspNetCore.Web.Management.Runs.Cases;
using FlowEngine.AspNetCore.Web.Management.Screens;
using FlowEngine.AspNetCore.Web.Management.Sessions;
using FlowEngine.AspNetCore.Web.Runtime;
using FlowEngine.Context;

namespace FlowEngine.AspNetCore.Web.Contract;

/// <summary>Shared and immutable: what is known of each record that a handler takes or returns, written when the server is built.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters = [typeof(FlowValueConverter), typeof(FlowObjectConverter), typeof(UnixTimeConverter)]
)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(FlowValue))]
[JsonSerializable(typeof(StartRequest))]
[JsonSerializable(typeof(NextRequest))]
[JsonSerializable(typeof(FlowAnswer))]
[JsonSerializable(typeof(RunRequestBody))]
[JsonSerializable(typeof(RunResult))]
[JsonSerializable(typeof(RefreshBody))]
[JsonSerializable(typeof(Nothing))]
[JsonSerializable(typeof(ExchangeBody))]
[JsonSerializable(typeof(CodeExchange))]
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
[JsonSerializable(typeof(ProblemList))]
[JsonSerializable(typeof(FlowList))]
[JsonSerializable(typeof(FlowView))]
[JsonSerializable(typeof(AddedDraft))]
[JsonSerializable(typeof(DraftBody))]
[JsonSerializable(typeof(SavedDraft))]
[JsonSerializable(typeof(PublishBody))]
[JsonSerializable(typeof(RestoreBody))]
[JsonSerializable(typeof(Publication))]
[JsonSerializable(typeof(FlowVersionPage))]
[JsonSerializable(typeof(FlowVersionView))]
[JsonSerializable(typeof(DiffBody))]
[JsonSerializable(typeof(ChangeList))]
[JsonSerializable(typeof(ImportBody))]
[JsonSerializable(typeof(ImportedFlow))]
[JsonSerializable(typeof(TryBody))]
[JsonSerializable(typeof(TryAnswer))]
[JsonSerializable(typeof(PreviewBody))]
[JsonSerializable(typeof(Preview))]
[JsonSerializable(typeof(ConnectorList))]
[JsonSerializable(typeof(ConnectorView))]
[JsonSerializable(typeof(ConnectorBody))]
[JsonSerializable(typeof(AddedConnector))]
[JsonSerializable(typeof(SavedConnector))]
[JsonSerializable(typeof(Egress))]
[JsonSerializable(typeof(RunPage))]
[JsonSerializable(typeof(RunMatches))]
[JsonSerializable(typeof(RunDetail))]
[JsonSerializable(typeof(GoldenCaseFile))]
[JsonSerializable(typeof(QueuedCallPage))]
internal sealed partial class ApiJsonContext : JsonSerializerContext;
