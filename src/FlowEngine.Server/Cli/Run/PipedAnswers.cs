using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Screens;
using FlowEngine.Templates;

namespace FlowEngine.Server.Cli.Run;

/// <summary>Per run and single-threaded: asks line by line, for input that is no terminal: a pipe, a file, a script.</summary>
internal sealed class PipedAnswers(TextReader input, TextWriter output) : AnswerSource
{
    public override async ValueTask<ScreenSubmission?> NextAsync(FlowRun run, CancellationToken cancellationToken)
    {
        ScreenText.Write(output, run);
        var form = new FlowObjectBuilder();
        foreach (var component in run.Screen!.Components.OfType<InputComponent>())
        {
            if (!run.Screen.IsShown(component, run.Context, form.Get))
                continue;
            await output.WriteAsync($"{ScreenText.Caption(component, run)}{ScreenText.Choices(component, run)}: ");
            if (await input.ReadLineAsync(cancellationToken) is not { } line)
                return null;
            await output.WriteLineAsync();
            form.Set(
                component.Name,
                FlowValue.From(line.Length > 0 ? line : component.Start.EvaluateText(run.Context, ValueEncoder.None).ToText())
            );
        }

        var interactions = run.Screen.Interactions;
        if (interactions.Count == 0)
            return null;
        var interaction = interactions[0];
        if (interactions.Count > 1)
        {
            await output.WriteAsync($"{string.Join(" | ", interactions)} [{interaction}]: ");
            if (await input.ReadLineAsync(cancellationToken) is not { } line)
                return null;
            await output.WriteLineAsync();
            if (line.Trim() is { Length: > 0 } chosen)
                interaction = chosen;
        }
        else if (form.Count == 0 && await input.ReadLineAsync(cancellationToken) is null)
        {
            // A screen that only informs: a line break confirms it; without one nobody has read it.
            return null;
        }
        return new ScreenSubmission(interaction, FlowValue.From(form.Build()));
    }
}
