using System.Text.Json;
using System.Text.Json.Serialization;
using FlowEngine.AspNetCore.Flows;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Testing;

namespace FlowEngine.AspNetCore.Web.Management.Flows;

/// <summary>What to drill.</summary>
/// <param name="Definition">The flow file.</param>
/// <param name="Cases">Golden cases whose inputs, answers and replies are taken, at most 20. Each activity is drilled by the first that
/// asks it; those that complete go before the others.</param>
internal sealed record DrillBody(FlowObject Definition, IReadOnlyList<DrillCaseBody> Cases) : IRequestBody<DrillBody>;

/// <summary>How a flow goes when all goes well, as a golden case says it.</summary>
/// <param name="Name">What the answer calls it.</param>
/// <param name="Client">The inputs, <c>client.*</c>.</param>
/// <param name="Answers">What people answer, screen by screen.</param>
/// <param name="Replies">Scripted replies by activity id.</param>
internal sealed record DrillCaseBody(
    string Name,
    FlowObject? Client = null,
    [property: Holds(typeof(IReadOnlyList<TryScreenAnswer>))] FlowValue Answers = default,
    FlowObject? Replies = null
);

/// <summary>Where people end up when what a flow asks fails.</summary>
/// <param name="AsksNobody">Whether nothing in the flow calls anybody.</param>
/// <param name="Cases">The cases that were run, with what comes of them when all goes well.</param>
/// <param name="Rows">Each way in which a call can end.</param>
/// <param name="Diagnostics">Failed calls that end in a token, and what could not be drilled.</param>
internal sealed record DrillAnswer(
    bool AsksNobody,
    IReadOnlyList<DrillCaseView> Cases,
    IReadOnlyList<DrillRowView> Rows,
    IReadOnlyList<FileProblem> Diagnostics
)
{
    public static DrillAnswer Of(DrillReport report) =>
        new(
            report.AsksNobody,
            [.. report.Cases.Select(one => new DrillCaseView(one.File, DrillEndView.Of(one.End)))],
            [.. report.Rows.Select(DrillRowView.Of)],
            FileProblem.Of(report.Diagnostics)
        );
}

/// <summary>A case as the flow runs it when all goes well.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="End">Where the person ends up.</param>
internal sealed record DrillCaseView(string Name, DrillEndView End);

/// <summary>What becomes of a person when the calls of one activity end in one way.</summary>
/// <param name="Activity">The activity, that of a subflow behind the id of its Subflow.</param>
/// <param name="Way">How they end: a status, a fault, what a query finds.</param>
/// <param name="From">From which call of the run on, from 1; more where the case makes several, and the end is another when only the last
/// one fails.</param>
/// <param name="Case">The case by which it ran.</param>
/// <param name="Verdict">Whether a token is issued though the call failed, and whether the flow accepts that.</param>
/// <param name="End">Where the person ends up.</param>
/// <param name="Steps">The way there; of more than 100 steps the first and the last.</param>
/// <param name="Code">The error of the call; missing when it did not fail.</param>
/// <param name="Handled">What followed the error.</param>
internal sealed record DrillRowView(
    string Activity,
    string Way,
    int From,
    string Case,
    [property: OneOf("fine", "failsOpen", "accepted")] string Verdict,
    DrillEndView End,
    IReadOnlyList<DrillStepView> Steps,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Code,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), OneOf("automatic", "custom", "ignore", "outcome", "failed")]
        string? Handled
)
{
    public static DrillRowView Of(DrillRow row) =>
        new(
            row.Activity,
            row.Way,
            row.From,
            row.Case,
            row.Verdict switch
            {
                DrillVerdict.FailsOpen => "failsOpen",
                DrillVerdict.Accepted => "accepted",
                _ => "fine",
            },
            DrillEndView.Of(row.End),
            [.. row.Steps.Select(step => new DrillStepView(step.Activity, step.Type, step.Outcome, step.Code))],
            row.Code,
            row.Handling is { } handling ? RunErrors.NameOf(handling) : null
        );
}

/// <summary>Where a person ends up.</summary>
/// <param name="Kind">At a screen, signed in, at an End that issues no token, turned away, in a run that failed; or nobody knows, because
/// no case has a reply for what the flow asks.</param>
/// <param name="Activity">The activity that the run stands on; of <c>unknown</c> the one that has no reply.</param>
/// <param name="Place">The same in a few words.</param>
/// <param name="Restarts">How often the flow began anew after the call.</param>
/// <param name="Message">What the person is told.</param>
/// <param name="Screen">The screen's id.</param>
/// <param name="Title">The screen's title.</param>
/// <param name="Name">The name of the End.</param>
/// <param name="Code">The code with which the run failed.</param>
internal sealed record DrillEndView(
    [property: OneOfDrillEnds] string Kind,
    string Activity,
    string Place,
    int Restarts,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Message,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Screen,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Title,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Code
)
{
    /// <summary>What a kind is called.</summary>
    public static string NameOf(DrillEndKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    public static DrillEndView Of(DrillEnd end) =>
        new(
            NameOf(end.Kind),
            end.Activity,
            end.Place,
            end.Restarts,
            end.Message.Length > 0 ? end.Message : null,
            end.Screen,
            end.Title,
            end.Name,
            end.Code
        );
}

/// <summary>The member is what a kind of end is called.</summary>
internal sealed class OneOfDrillEndsAttribute : OneOfAttribute
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Values => [.. Enum.GetValues<DrillEndKind>().Select(DrillEndView.NameOf)];
}

/// <summary>A step of a drill.</summary>
/// <param name="Activity">The activity.</param>
/// <param name="Type">Its type.</param>
/// <param name="Outcome">The outcome that it took.</param>
/// <param name="Code">The error that it ended with.</param>
internal sealed record DrillStepView(
    string Activity,
    string Type,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Outcome,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Code
);

/// <summary>Stateless: <c>/api/flows/drill</c>: where people end up when what a definition asks fails.</summary>
internal static class DrillEndpoint
{
    private const int MostCases = 20;

    /// <summary>What one request may cost: it runs scripts and compares passwords as often as the flow does.</summary>
    private static readonly DrillLimits Limits = new(1_000, TimeSpan.FromSeconds(20));

    /// <summary>Drills a definition.</summary>
    public static async Task<DrillAnswer> DrillAsync(
        DrillBody body,
        FlowCatalogue catalogue,
        ConnectorSet connectors,
        CancellationToken cancellationToken
    )
    {
        var problems = new DiagnosticBag();
        var at = SourceLocation.Root(null).At("cases");
        if (body.Cases.Count > MostCases)
            problems.Error(FlowErrors.TooLarge, at, $"There are {body.Cases.Count} cases; {MostCases} are allowed.");
        var cases = body
            .Cases.Take(MostCases)
            .Select((one, index) => GoldenCase.Of(one.Name, one.Client, one.Answers, one.Replies, at.At(index), problems))
            .ToList();
        if (problems.HasErrors)
            throw FlowCompilation.Invalid(problems.Items);

        var (plan, _) = FlowCompilation.CompileOrRefuse(FlowValue.From(body.Definition), catalogue, cancellationToken);
        return DrillAnswer.Of(await FlowDrill.RunAsync(plan, cases, Limits, connectors.SecretsOf(plan.Connectors), cancellationToken));
    }
}
