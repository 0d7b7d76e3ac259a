using System.Globalization;
using FlowEngine.Activities;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Json;
using FlowEngine.Settings;
using FlowEngine.Storage;
using FlowEngine.Testing;

namespace FlowEngine.AspNetCore.Web.Management.Runs.Cases;

/// <summary>
/// Per case, single-threaded: makes a golden case of a stored run: the inputs, answers and replies of its trace, and what comes of them.
/// What is expected is what the case itself does when it is run here, so
/// that it passes; where that is not what the run did, a warning says so.
/// </summary>
internal sealed class RecordedCase
{
    private readonly RunSummary _run;
    private readonly FlowValue _definition;
    private readonly ActivityCatalog _activities;
    private readonly CasePlaceholders _placeholders = new();
    private readonly List<string> _warnings = [];
    private readonly List<FlowValue> _answers = [];
    private readonly Dictionary<string, List<FlowValue>> _replies = new(StringComparer.Ordinal);
    private FlowValue _client;

    /// <summary>Reads the trace of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="definition">The flow version that it ran; missing when it is gone.</param>
    /// <param name="steps">Its trace.</param>
    /// <param name="activities">The activity types, which say what a step of theirs is.</param>
    public RecordedCase(RunSummary run, FlowValue definition, IReadOnlyList<FlowValue> steps, ActivityCatalog activities)
    {
        _activities = activities;
        _run = run;
        _definition = definition;
        if (steps.Count > 0 && !steps[0].Get("client").IsMissing)
            _client = _placeholders.Replace(steps[0].Get("client"), "client");
        // First what was entered: which secret fitted decides what stands for its hash.
        foreach (var step in steps)
            ReadAnswer(step);
        foreach (var step in steps)
            ReadReply(step);
    }

    /// <summary>The name of the case's file.</summary>
    public string FileName => string.Create(CultureInfo.InvariantCulture, $"{_run.FlowId}-run-{_run.Number}.case.json");

    /// <summary>What a person should know of the case.</summary>
    public IReadOnlyList<string> Warnings => [.. _placeholders.Warnings, .. _warnings];

    /// <summary>The case.</summary>
    /// <param name="plan">The flow version that the run took; null when it does not compile any more.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task<FlowValue> BuildAsync(FlowPlan? plan, CancellationToken cancellationToken)
    {
        var status = _run.Status.ToName();
        if (plan is null)
        {
            _warnings.Add("The flow version that the run took cannot be run any more, so only its status is expected.");
            return Case(FlowValue.Object(("status", FlowValue.From(status))));
        }

        var golden = GoldenCase.Read(Case(FlowValue.Object(("status", FlowValue.From(status)))), FileName, new DiagnosticBag());
        var result = (await golden!.RunAsync(plan, cancellationToken)).Run;
        if (result.Status != _run.Status || result.Failure?.Code != _run.ErrorCode)
            _warnings.Add(
                $"The run was {Describe(_run.Status, _run.ErrorCode)}, the case is "
                    + $"{Describe(result.Status, result.Failure?.Code)}: it depends on more than a case can hold, such as the time."
            );
        return Case(Expectation(result));
    }

    private static FlowValue Expectation(FlowRun run) =>
        FlowValue.Object(
            ("status", FlowValue.From(run.Status.ToName())),
            ("path", FlowValue.Texts(run.Path)),
            ("screen", run.Screen is { } screen ? FlowValue.From(screen.Id) : FlowValue.Missing),
            ("errorText", run.ErrorText.Length > 0 ? FlowValue.From(run.ErrorText) : FlowValue.Missing),
            ("error", run.Failure is { } failure ? FlowValue.From(failure.Code) : FlowValue.Missing),
            ("outputs", run.Status.HasResult() ? run.Outputs : FlowValue.Missing),
            ("claims", run.Status.HasResult() ? run.Context.Claims : FlowValue.Missing),
            ("user", run.Status.HasResult() ? run.Context.User : FlowValue.Missing)
        );

    private FlowValue Case(FlowValue expect) =>
        FlowValue.Object(
            (
                "description",
                FlowValue.From(
                    $"Run {_run.Number.ToString(CultureInfo.InvariantCulture)} of "
                        + $"{_run.CreatedAt.ToText()}: {Describe(_run.Status, _run.ErrorCode)}."
                )
            ),
            ("flow", FlowValue.From($"../{_run.FlowId}.flow.json")),
            ("client", _client),
            ("answers", _answers.Count > 0 ? FlowValue.Array(_answers) : FlowValue.Missing),
            (
                "replies",
                _replies.Count > 0
                    ? FlowValue.Object([.. _replies.Select(reply => (reply.Key, FlowValue.Array(reply.Value)))])
                    : FlowValue.Missing
            ),
            ("expect", expect)
        );

    private void ReadAnswer(FlowValue step)
    {
        var outcome = step.Get("outcome");
        if (outcome.IsMissing || _activities.Find(step.Get("type").ToText()) is not { } type)
            return;
        if (type.Description.ConfirmsBy is { } confirms && outcome == FlowValue.From(confirms))
            _placeholders.Matched = _placeholders.LastEntered;
        if (!type.Waits)
            return;
        // Of a subflow's screen only the subflow's own definition knows the id, and it may have changed.
        var screen = ScreenOf(step.Get("activity").ToText(), type);
        var form = new FlowObjectBuilder();
        step.Get("output").TryGetObject(out var entered);
        foreach (var (name, value) in entered ?? FlowObject.Empty)
        {
            var where = $"answers[{_answers.Count}].form.{name}";
            form.Set(
                name,
                value == FlowValue.From(JsonWriting.Mask)
                    ? FlowValue.From(_placeholders.Enter(ComponentOf(screen, name), where))
                    : _placeholders.Replace(value, where)
            );
        }
        _answers.Add(
            FlowValue.Object(
                ("screen", screen.Get("id")),
                ("interaction", outcome),
                ("form", form.Count > 0 ? FlowValue.From(form.Build()) : FlowValue.Missing)
            )
        );
    }

    private void ReadReply(FlowValue step)
    {
        if (step.Get("children").TryGetArray(out var children))
        {
            foreach (var child in children)
                ReadReply(child);
        }
        var output = step.Get("output");
        if (output.IsMissing || _activities.Find(step.Get("type").ToText())?.Reply is not { } shape)
            return;
        var activity = step.Get("activity").ToText();
        if (!_replies.TryGetValue(activity, out var replies))
            _replies.Add(activity, replies = []);
        replies.Add(_placeholders.Replace(ReplyOf(shape, output), $"replies.{activity}[{replies.Count}]"));
    }

    /// <summary>What a connector brought, from what was written to the context.</summary>
    private static FlowValue ReplyOf(SettingsDescriptor shape, FlowValue output)
    {
        var isNoAnswer =
            shape.Settings.Any(member => member.Required && output.Get(member.Name).IsMissing)
            || shape.Settings.All(member => output.Get(member.Name).IsMissing);
        var members = Members(shape, output);
        return isNoAnswer && output.Get("error") is { IsMissing: false } error && members.TryGetObject(out var known)
            ? FlowValue.From(known.With("error", error))
            : members;
    }

    /// <summary>The members of an object that a shape describes, those of its elements too.</summary>
    private static FlowValue Members(SettingsDescriptor shape, FlowValue given)
    {
        var members = new FlowObjectBuilder(shape.Settings.Count);
        foreach (var member in shape.Settings)
        {
            if (given.Get(member.Name) is not { IsMissing: false } value || value == member.Default)
                continue;
            members.Set(
                member.Name,
                member.Element?.Nested is { } nested && value.TryGetArray(out var elements)
                    ? FlowValue.Array(elements.Select(element => Members(nested.Value, element)))
                    : value
            );
        }
        return FlowValue.From(members.Build());
    }

    private FlowValue ScreenOf(string activity, ActivityType type)
    {
        var setting = type.Settings.Settings.First(setting => setting.Attribute.Editor == SettingEditors.Screen);
        var id = Find(_definition.Get("activities"), FlowValue.From(activity), "id").Get(setting.Name);
        return id.IsMissing ? FlowValue.Missing : Find(_definition.Get("screens"), id, "id");
    }

    private static FlowValue ComponentOf(FlowValue screen, string name) => Find(screen.Get("components"), FlowValue.From(name), "name");

    private static FlowValue Find(FlowValue items, FlowValue value, string member) =>
        items.TryGetArray(out var array) ? array.FirstOrDefault(item => item.Get(member) == value) : FlowValue.Missing;

    private static string Describe(RunStatus status, string? errorCode) =>
        errorCode is null ? status.ToName() : $"{status.ToName()} with {errorCode}";
}
