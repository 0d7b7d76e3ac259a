using System.ComponentModel;
using System.Runtime.CompilerServices;
using Elsa.Workflows;
using Elsa.Workflows.Models;
using FlowEngine.ElsaActivities.Hosting;

namespace FlowEngine.ElsaActivities;

/// <summary>Shared by all runs of a workflow: an activity of FlowEngine as one of Elsa's, whichever its type is. Elsa decides what follows
/// its outcome.</summary>
[Browsable(false)]
public class FlowEngineActivity : Activity
{
    /// <summary>Makes an activity; Elsa sets its type.</summary>
    /// <param name="source">The file in which it is made.</param>
    /// <param name="line">The line of it.</param>
    public FlowEngineActivity([CallerFilePath] string? source = null, [CallerLineNumber] int? line = null)
        : base(source, line) { }

    /// <summary>Executes the activity, as Elsa comes to it.</summary>
    /// <param name="context">Elsa's context.</param>
    /// <exception cref="FlowEngineException">The workflow does not compile, or its flow failed.</exception>
    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var instance = ElsaInstance.Of(context);
        await instance.FollowAsync(this, context, await instance.EnterAsync(Id, context), ResumeAsync);
    }

    /// <summary>Goes on with what a person submitted. Elsa finds it by its name, in this process or another.</summary>
    private async ValueTask ResumeAsync(ActivityExecutionContext context)
    {
        // First: what follows may fail, and Elsa keeps the input then.
        var submission = ElsaAnswer.TakeSubmission(context.ActivityInput, context.WorkflowExecutionContext.Input);
        var instance = ElsaInstance.Of(context);
        await instance.FollowAsync(this, context, await instance.SubmitAsync(Id, submission, context.CancellationToken), ResumeAsync);
    }
}

/// <summary>Shared by all runs of a workflow: an activity that ends a flow, and the flowchart that it stands in.</summary>
[Browsable(false)]
public sealed class FlowEngineEnd : FlowEngineActivity, ITerminalNode
{
    /// <summary>Makes an activity; Elsa sets its type.</summary>
    /// <param name="source">The file in which it is made.</param>
    /// <param name="line">The line of it.</param>
    public FlowEngineEnd([CallerFilePath] string? source = null, [CallerLineNumber] int? line = null)
        : base(source, line) { }
}
