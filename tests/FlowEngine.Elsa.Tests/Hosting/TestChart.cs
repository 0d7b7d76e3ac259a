using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.ElsaActivities.Hosting;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Screens;

namespace FlowEngine.ElsaActivities.Tests.Hosting;

/// <summary>A flowchart that stands for Elsa's: it reads a workflow definition, and follows connections by the outcomes of activities; those
/// of ours are executed by a hosted run, any other by the test.</summary>
internal sealed class TestChart
{
    private readonly Dictionary<(string Source, string Port), string> _connections = [];
    private readonly HashSet<string> _ours = [];
    private readonly string _start;
    private HostedRun _run;

    /// <summary>Reads a definition, and starts a run of it.</summary>
    public TestChart(FlowValue definition, CompilationEnvironment environment, FlowValue inputs, RunServices services)
    {
        var workflow = WorkflowOf(definition);
        _ours.UnionWith(workflow.Activities.Select(activity => activity.Id));
        foreach (var connection in Items(definition.Get("root").Get("connections")))
            _connections.TryAdd((End(connection, "source"), connection.Get("source").Get("port").ToText()), End(connection, "target"));
        var problems = new DiagnosticBag();
        Flow = HostedFlow.Compile(workflow, environment, problems)!;
        Assert.True(Flow is not null, string.Join('\n', problems.Items));
        Services = services;
        _start = FirstOf(definition);
        _run = HostedRun.Start(Flow, inputs, services);
    }

    public HostedFlow Flow { get; }

    public RunServices Services { get; }

    public FlowRun Run => _run.Run;

    /// <summary>The activities in the order in which the chart came to them.</summary>
    public List<string> Journal { get; } = [];

    /// <summary>The activity whose screen is waited for; null when none is.</summary>
    public string? Waiting { get; private set; }

    /// <summary>Whether the chart came to its end: by an End, or where nothing followed.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>The problem that the chart faulted with; null for none.</summary>
    public FlowError? Fault { get; private set; }

    /// <summary>Activities that are not ours: what their outcome is.</summary>
    public Dictionary<string, Func<FlowRun, string>> Foreign { get; } = [];

    /// <summary>What a host evaluates, by activity and setting.</summary>
    public Func<string, string, FlowValue> Evaluate { get; set; } = (_, _) => FlowValue.Missing;

    /// <summary>The host's variables.</summary>
    public FlowValue Variables { get; set; } = FlowValue.From(FlowObject.Empty);

    /// <summary>Whether the run is saved and loaded around each step, as between two processes.</summary>
    public bool MovesBetweenSteps { get; init; }

    public Task StartAsync() => GoOnAsync(_start);

    public async Task SubmitAsync(ScreenSubmission submission)
    {
        var activity = Waiting ?? throw new InvalidOperationException("Nothing is waited for.");
        Waiting = null;
        Move();
        await FollowAsync(activity, await _run.SubmitAsync(activity, submission, TestContext.Current.CancellationToken));
    }

    private async Task GoOnAsync(string activity)
    {
        Journal.Add(activity);
        if (!_ours.Contains(activity))
        {
            await LeaveAsync(activity, Foreign[activity](Run));
            return;
        }
        Move();
        var values = Flow.ExpressionsOf(activity).Select(expression => (expression, Evaluate(activity, expression.Setting))).ToList();
        var variables = Flow.ReadsVariables ? Variables : FlowValue.Missing;
        await FollowAsync(activity, await _run.EnterAsync(activity, variables, values, TestContext.Current.CancellationToken));
    }

    private async Task FollowAsync(string activity, HostedStep step)
    {
        switch (step.Kind)
        {
            case HostedStepKind.Outcome:
                await LeaveAsync(activity, step.Name!);
                break;
            case HostedStepKind.Waits:
                Waiting = activity;
                break;
            case HostedStepKind.GoesTo:
                await GoOnAsync(step.Name!);
                break;
            case HostedStepKind.Ends:
                IsFinished = true;
                break;
            default:
                Fault = Run.Failure;
                break;
        }
    }

    private async Task LeaveAsync(string activity, string port)
    {
        if (_connections.TryGetValue((activity, port), out var target))
            await GoOnAsync(target);
        else
            IsFinished = true;
    }

    private void Move()
    {
        if (MovesBetweenSteps)
            _run = HostedRun.Load(Flow, _run.Save(), Services);
    }

    /// <summary>What a definition has of our activities.</summary>
    public static HostedWorkflow WorkflowOf(FlowValue definition)
    {
        var chart = definition.Get("root");
        var activities = Items(chart.Get("activities"))
            .Where(activity => ElsaType.Of(activity.Get("type").ToText()) is not null)
            .Select(Activity)
            .ToList();
        var ours = activities.Select(activity => activity.Id).ToHashSet();
        return new HostedWorkflow(
            definition.Get("definitionId").ToText(),
            definition.Get("name").ToText(),
            definition.Get("customProperties"),
            activities,
            [
                .. Items(chart.Get("connections"))
                    .Where(connection => ours.Contains(End(connection, "source")))
                    .Select(connection => new HostedConnection(
                        End(connection, "source"),
                        connection.Get("source").Get("port").ToText(),
                        ours.Contains(End(connection, "target")) ? End(connection, "target") : null
                    )),
            ]
        );
    }

    private static string End(FlowValue connection, string end) => connection.Get(end).Get("activity").ToText();

    private static string FirstOf(FlowValue definition) => Items(definition.Get("root").Get("activities"))[0].Get("id").ToText();

    private static HostedActivity Activity(FlowValue json)
    {
        json.TryGetObject(out var members);
        return new HostedActivity(
            json.Get("id").ToText(),
            ElsaType.Of(json.Get("type").ToText())!,
            json.Get("name").TryGetText(out var name) ? name : null,
            [
                .. members!
                    .Where(member => !member.Value.Get("expression").IsMissing)
                    .Select(member => new HostedInput(
                        member.Key,
                        member.Value.Get("expression").Get("type").ToText(),
                        member.Value.Get("expression").Get("value")
                    )),
            ],
            json.Get("customProperties")
        );
    }

    private static FlowArray Items(FlowValue list) => list.TryGetArray(out var items) ? items : FlowArray.Empty;
}
