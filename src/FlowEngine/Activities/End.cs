using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Activities;

/// <summary>Bound once, then read only: the settings of End.</summary>
public sealed class EndSettings
{
    /// <summary>The name.</summary>
    [Setting("The name of this end: the outcome of a Subflow activity that called the flow.")]
    public string Name { get; set; } = End.DefaultName;

    /// <summary>The outputs.</summary>
    [Setting("What the flow gives back, an object.")]
    public JsonTemplate Outputs { get; set; } = JsonTemplate.None;
}

/// <summary>Shared and immutable: ends the flow. The server issues tokens when <c>user.userId</c> is set.</summary>
[Activity("End", "Ends the flow; issues a token when the person is known.", Category = "Flow", Outcomes = [])]
public sealed class End : FlowActivity
{
    /// <summary>The name of an End without one.</summary>
    public const string DefaultName = "Done";

    private readonly JsonTemplate _outputs;
    private readonly Outcome? _constant;

    internal End(EndSettings settings)
    {
        Name = settings.Name;
        _outputs = settings.Outputs;
        if (_outputs.IsNone)
            _constant = Outcome.End(new FlowEnd(Name, FlowValue.From(FlowObject.Empty)));
    }

    internal string Name { get; }

    /// <summary>What is known of the outputs.</summary>
    internal ValueShape OutputShape => _outputs.IsNone ? ValueShape.Object() : _outputs.Shape();

    internal override bool Ends => true;

    /// <inheritdoc/>
    public override ValueTask<Outcome> ExecuteAsync(RunContext context, CancellationToken cancellationToken)
    {
        if (_constant is { } constant)
            return new(constant);

        var outputs = _outputs.Evaluate(context);
        if (ValueLimits.Check(outputs, "The outputs") is { } problem)
            return new(Outcome.Fail(problem));
        if (context.Step is { } step)
            step.Output = outputs;
        return new(Outcome.End(new FlowEnd(Name, outputs)));
    }
}
