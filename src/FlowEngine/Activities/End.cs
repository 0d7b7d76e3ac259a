using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Activities;

/// <summary>What an End means.</summary>
public enum EndKind
{
    /// <summary>The flow did what it is for: tokens are issued when <c>user.userId</c> is set.</summary>
    Success,

    /// <summary>The flow turns the person away: no tokens, whoever <c>user</c> is, and the page says so.</summary>
    Refused,
}

/// <summary>Bound once, then read only: the settings of End.</summary>
public sealed class EndSettings
{
    /// <summary>The name.</summary>
    [Setting("The name of this end: the outcome of a Subflow activity that called the flow.", Label = "Name of this end")]
    public string Name { get; set; } = End.DefaultName;

    /// <summary>What it means.</summary>
    [Setting(
        "What reaching this end means: success issues tokens when user.userId is "
            + "set; refused never does, and the page says that the person was turned away."
    )]
    public EndKind Kind { get; set; } = EndKind.Success;

    /// <summary>What the person reads.</summary>
    [Setting("What the person reads at the end, in place of the page's own words.")]
    public Template Message { get; set; } = Template.Empty;

    /// <summary>The outputs.</summary>
    [Setting("What the flow gives back, an object.", Editor = SettingEditors.Members)]
    public JsonTemplate Outputs { get; set; } = JsonTemplate.None;
}

/// <summary>
/// Shared and immutable: ends the flow. After a success the server issues tokens when <c>user.userId</c> is set; a refusal never has any.
/// In a flow that a Subflow activity called, name and outputs alone count:
/// the name is the outcome, and the caller decides what it means and says.
/// </summary>
[Activity(
    "End",
    "Ends the flow; issues a token when the person is known, or turns them away.",
    Category = "Flow",
    Outcomes = [],
    MayShare = true,
    Icon = "circle-stop",
    Tone = ActivityTone.End,
    Stem = "done",
    Summary = "{kind=refused}Refused: {name?}|{kind=refused}Refused|{name}"
)]
[Steers(Steering.Ends)]
public sealed class End : FlowActivity
{
    /// <summary>The name of an End without one.</summary>
    public const string DefaultName = "Done";

    private readonly string _name;
    private readonly bool _isRefusal;
    private readonly JsonTemplate _outputs;
    private readonly Template _message;
    private readonly Outcome? _constant;

    internal End(EndSettings settings)
    {
        _name = settings.Name;
        _isRefusal = settings.Kind == EndKind.Refused;
        _outputs = settings.Outputs;
        _message = settings.Message;
        if (_outputs.IsNone && _message.Source.Length == 0)
            _constant = Outcome.End(new FlowEnd(_name, FlowValue.From(FlowObject.Empty)) { IsRefused = _isRefusal });
        Exit = new FlowExit(_name, _outputs.IsNone ? ValueShape.Object() : _outputs.Shape(), MayIssueTokens: !_isRefusal)
        {
            Setting = "outputs",
        };
    }

    internal override FlowExit Exit { get; }

    /// <inheritdoc/>
    public override ValueTask<Outcome> ExecuteAsync(RunContext context, CancellationToken cancellationToken)
    {
        if (_constant is { } constant)
            return new(constant);

        var outputs = _outputs.IsNone ? FlowValue.From(FlowObject.Empty) : _outputs.Evaluate(context);
        if (ValueLimits.Check(outputs, "The outputs") is { } problem)
            return new(Outcome.Fail(problem));
        if (context.Step is { } step && !_outputs.IsNone)
            step.Output = outputs;
        var message = _message.Source.Length > 0 ? _message.EvaluateMasked(context) : null;
        return new(Outcome.End(new FlowEnd(_name, outputs) { IsRefused = _isRefusal, Message = message }));
    }
}
