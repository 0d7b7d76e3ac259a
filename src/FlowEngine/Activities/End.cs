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
    [Setting("The name of this end: the outcome of a Subflow activity that called the flow.")]
    public string Name { get; set; } = End.DefaultName;

    /// <summary>What it means.</summary>
    [Setting(
        "What reaching this end means: success issues tokens when user.userId is set; refused never does, and the page says that the person was turned away."
    )]
    public EndKind Kind { get; set; } = EndKind.Success;

    /// <summary>What the person reads.</summary>
    [Setting("What the person reads at the end, in place of the page's own words.")]
    public Template Message { get; set; } = Template.Empty;

    /// <summary>The outputs.</summary>
    [Setting("What the flow gives back, an object.")]
    public JsonTemplate Outputs { get; set; } = JsonTemplate.None;
}

/// <summary>
/// Shared and immutable: ends the flow. After a success the server issues tokens when <c>user.userId</c> is set; a refusal never has any.
/// In a flow that a Subflow activity called, name and outputs alone count:
/// the name is the outcome, and the caller decides what it means and says.
/// </summary>
[Activity("End", "Ends the flow; issues a token when the person is known, or turns them away.", Category = "Flow", Outcomes = [])]
public sealed class End : FlowActivity
{
    /// <summary>The name of an End without one.</summary>
    public const string DefaultName = "Done";

    private readonly JsonTemplate _outputs;
    private readonly Template _message;
    private readonly Outcome? _constant;

    internal End(EndSettings settings)
    {
        Name = settings.Name;
        Kind = settings.Kind;
        _outputs = settings.Outputs;
        _message = settings.Message;
        if (_outputs.IsNone && _message.Source.Length == 0)
            _constant = Outcome.End(new FlowEnd(Name, FlowValue.From(FlowObject.Empty)) { IsRefused = Kind == EndKind.Refused });
    }

    /// <summary>What it means.</summary>
    public EndKind Kind { get; }

    internal string Name { get; }

    /// <summary>What is known of the outputs.</summary>
    internal ValueShape OutputShape => _outputs.IsNone ? ValueShape.Object() : _outputs.Shape();

    internal override bool Ends => true;

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
        return new(Outcome.End(new FlowEnd(Name, outputs) { IsRefused = Kind == EndKind.Refused, Message = message }));
    }
}
