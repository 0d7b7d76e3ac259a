using FlowEngine.Context;
using FlowEngine.ElsaActivities.Hosting;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Screens;
using FlowEngine.Templates;

namespace FlowEngine.ElsaActivities;

/// <summary>Stateless: what the program that runs an Elsa sees of a run of ours, and what it gives: the workflow's output and input.</summary>
internal static class ElsaAnswer
{
    /// <summary>The name of the bookmarks of screens.</summary>
    public const string Bookmark = "FlowEngine.Screen";

    /// <summary>The input with the id of the button that was pressed.</summary>
    private const string Interaction = "interaction";

    /// <summary>The input with what was entered, an object.</summary>
    private const string Form = "form";

    /// <summary>The output with the screen that is waited for, as the flow API shows it; null when none is.</summary>
    private const string Screen = "screen";

    private const string Status = "status";

    /// <summary>What was submitted. It is taken out of the input: there may be a password in it, which Elsa would keep.</summary>
    /// <param name="inputs">The inputs of the execution that resumes, those of the activity before those of the workflow.</param>
    public static ScreenSubmission TakeSubmission(params IReadOnlyList<IDictionary<string, object>> inputs)
    {
        var (interaction, form) = (Take(inputs, Interaction), Take(inputs, Form));
        return new ScreenSubmission(interaction.ToText(), form.Kind == FlowValueKind.Object ? form : FlowValue.From(FlowObject.Empty));
    }

    private static FlowValue Take(IReadOnlyList<IDictionary<string, object>> inputs, string name)
    {
        var found = FlowValue.Missing;
        foreach (var input in inputs)
        {
            if (input.TryGetValue(name, out var value) && found.IsMissing)
                found = HostedValue.Of(value);
            input.Remove(name);
        }
        return found;
    }

    /// <summary>Writes where a run stands.</summary>
    public static void Write(FlowRun run, IDictionary<string, object> output)
    {
        output[Status] = NameOf(run.Status);
        output[Screen] =
            run.Status == RunStatus.Waiting
                ? HostedValue.ToObject(ScreenView.Of(run, ValueEncoder.None).WithActivity(run.ActivityId))!
                : null!;
        if (run.Status is not (RunStatus.Completed or RunStatus.Refused))
            return;
        output["end"] = run.EndName!;
        output["message"] = run.ErrorText;
        output["outputs"] = HostedValue.ToObject(run.Outputs)!;
        if (run.Status != RunStatus.Completed)
            return;
        output["user"] = HostedValue.ToObject(run.Context.User)!;
        output["claims"] = HostedValue.ToObject(run.Context.Claims)!;
    }

    /// <summary>Why a run cannot go on.</summary>
    public static FlowEngineException Failure(FlowRun run) =>
        run.Failure is { } failure
            ? new FlowEngineException(
                failure.Code,
                failure.Activity is { } activity ? $"{failure.Message} (activity '{activity}')" : failure.Message
            )
            : new FlowEngineException(FlowErrors.NotWaiting.Code, "The flow of this workflow instance is over.");

    private static FlowValue WithActivity(this FlowValue screen, string activityId) =>
        screen.TryGetObject(out var view) ? FlowValue.From(view.With("activity", FlowValue.From(activityId))) : screen;

    private static string NameOf(RunStatus status) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(status.ToString());
}
