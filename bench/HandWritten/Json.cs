using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlowEngine.Bench.HandWritten;

internal sealed record StartRequest(string FlowId, StartOptions? Options);

internal sealed record StartOptions(JsonElement? Client);

internal sealed record NextRequest(string ExecutionId, string StepId, string InteractionId, Dictionary<string, string>? Input);

internal sealed record Screen(string Id, string Title, Component[] Components, ScreenState State);

internal sealed record Component(
    string Type,
    string? Id = null,
    string? Name = null,
    string? Label = null,
    string? Text = null,
    bool? Required = null
);

internal sealed record ScreenState(Dictionary<string, string> Form, string ErrorText);

internal sealed record User(string UserId, string Email);

internal sealed record Claims(string? Region);

internal sealed record AuthInfo(string SessionJwt, string RefreshJwt, User User, Claims Claims, long SessionExpiration);

internal sealed record Answer
{
    public required string ExecutionId { get; init; }

    public required string StepId { get; init; }

    public required string StepName { get; init; }

    public required string Status { get; init; }

    public required string Action { get; init; }

    public Screen? Screen { get; init; }

    public AuthInfo? AuthInfo { get; init; }

    public Dictionary<string, string>? Output { get; init; }
}

internal sealed record Device(string? Ip, string UserAgent, string Language);

internal sealed record Person(string Id, string Tier);

internal sealed record Profile(int StatusCode, JsonElement Body, Dictionary<string, string> Headers);

internal sealed record Lookup(string Connector, string Email);

internal sealed record Call(string Method, string Url, string Tier);

internal sealed record FamilyContent(User User, Claims Claims);

internal sealed record TraceStep(
    string Activity,
    string Type,
    DateTimeOffset StartedAt,
    double DurationMs,
    string Outcome,
    JsonElement? Input,
    JsonElement? Output
);

/// <summary>What is kept of a login, encrypted.</summary>
internal sealed record RunState
{
    public required string Id { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public JsonElement? Client { get; init; }

    public required Device Device { get; init; }

    public required List<string> Path { get; init; }

    public Dictionary<string, string> Form { get; set; } = [];

    public Person? Person { get; set; }

    public Profile? Profile { get; set; }

    public string? LastStep { get; set; }

    public Answer? LastAnswer { get; set; }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StartRequest))]
[JsonSerializable(typeof(NextRequest))]
[JsonSerializable(typeof(Answer))]
[JsonSerializable(typeof(RunState))]
[JsonSerializable(typeof(TraceStep[]))]
[JsonSerializable(typeof(List<TraceStep>))]
[JsonSerializable(typeof(Lookup))]
[JsonSerializable(typeof(Call))]
[JsonSerializable(typeof(FamilyContent))]
internal sealed partial class Json : JsonSerializerContext;
