using System.Text.Json.Serialization;
using FlowEngine.AspNetCore.Flows;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Testing;
using FlowEngine.Tracing;
using Microsoft.AspNetCore.DataProtection;

namespace FlowEngine.AspNetCore.Web.Management.Flows;

/// <summary>What to try.</summary>
/// <param name="Definition">The flow file.</param>
/// <param name="Client">The inputs, <c>client.*</c>.</param>
/// <param name="Answers">What people answer, screen by screen.</param>
/// <param name="Replies">Scripted replies by activity id; without them connectors are called.</param>
/// <param name="Continue">The <c>continue</c> of the answer before, to go on with that try.</param>
internal sealed record TryBody(
    FlowObject Definition,
    FlowObject? Client = null,
    [property: Holds(typeof(IReadOnlyList<TryScreenAnswer>))] FlowValue Answers = default,
    FlowObject? Replies = null,
    string? Continue = null
) : IRequestBody<TryBody>;

/// <summary>What somebody answers to a screen.</summary>
/// <param name="Interaction">The button or link.</param>
/// <param name="Screen">The screen's id, to be sure.</param>
/// <param name="Form">The inputs.</param>
internal sealed record TryScreenAnswer(string Interaction, string? Screen = null, FlowObject? Form = null);

/// <summary>Where a try is; nothing of it is stored.</summary>
/// <param name="Status">How it stands.</param>
/// <param name="Path">The activities that ran.</param>
/// <param name="Screen">The screen that it waits at.</param>
/// <param name="Message">What its End says.</param>
/// <param name="Error">What went wrong.</param>
/// <param name="Outputs">The End's outputs.</param>
/// <param name="Claims">The custom claims.</param>
/// <param name="User">The person.</param>
/// <param name="Context">All that the run holds, redacted.</param>
/// <param name="Trace">Its steps.</param>
/// <param name="Continue">What goes on with it, for an hour.</param>
internal sealed record TryAnswer(
    [property: OneOfStatuses] string Status,
    IReadOnlyList<string> Path,
    [property: Holds(typeof(ScreenContent)), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] FlowValue Screen,
    [property: Holds(typeof(string)), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] FlowValue Message,
    [property: Holds(typeof(FlowError)), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] FlowValue Error,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] FlowValue Outputs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] FlowValue Claims,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] FlowValue User,
    [property: Holds(typeof(FlowObject))] FlowValue Context,
    [property: Holds(typeof(IReadOnlyList<TraceStep>))] FlowValue Trace,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Continue
);

/// <summary>Stateless: <c>/api/flows/try</c>: runs a definition that need not be published.</summary>
internal static class TryEndpoint
{
    /// <summary>How long one advance may take; connectors have limits of their own below that.</summary>
    private static readonly TimeSpan LongestAdvance = TimeSpan.FromMinutes(5);

    /// <summary>Runs a definition.</summary>
    public static async Task<TryAnswer> TryAsync(
        HttpContext http,
        TryBody body,
        Caller caller,
        FlowCatalogue catalogue,
        ConnectorSet connectors,
        IDataProtectionProvider protection,
        TimeProvider time
    )
    {
        var definition = FlowValue.From(body.Definition);
        var client = FlowValue.From(body.Client ?? FlowObject.Empty);
        var replies = body.Replies is null ? FlowValue.Missing : FlowValue.From(body.Replies);
        var problems = new DiagnosticBag();
        var answers = ScreenAnswer.ReadAll(
            body.Answers is { IsNothing: false } given ? given : FlowValue.Missing,
            SourceLocation.Root(null).At("answers"),
            problems
        );
        if (problems.HasErrors)
            throw FlowCompilation.Invalid(problems.Items);

        var (plan, _) = FlowCompilation.CompileOrRefuse(definition, catalogue, http.RequestAborted);
        // What one person began nobody else goes on with.
        var protector = protection.CreateProtector("FlowEngine.Console", "try", caller.Name).ToTimeLimitedDataProtector();
        var attempt = body.Continue is { } text
            ? FlowTry.Continue(plan, text, replies, protector)
                ?? throw new ApiException(StatusCodes.Status409Conflict, ManagementErrors.TryOver)
            : FlowTry.Begin(plan, client, replies);

        using var limit = new CancellationTokenSource(LongestAdvance, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, http.RequestAborted);
        var refusal = await attempt.AdvanceAsync(answers, stop.Token);
        return attempt.Describe(refusal, connectors.SecretsOf(plan.Connectors), protector);
    }
}
