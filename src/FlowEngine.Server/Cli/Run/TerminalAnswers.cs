using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Screens;
using FlowEngine.Templates;
using Spectre.Console;

namespace FlowEngine.Server.Cli.Run;

/// <summary>Per run and single-threaded: asks a person at a terminal. It speaks
/// on standard error, so that standard output holds the result alone.</summary>
internal sealed class TerminalAnswers : AnswerSource
{
    private readonly IAnsiConsole _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    public override async ValueTask<ScreenSubmission?> NextAsync(FlowRun run, CancellationToken cancellationToken)
    {
        ScreenText.Write(Console.Error, run);
        var form = new FlowObjectBuilder();
        foreach (var component in run.Screen!.Components.Where(component => component.IsInput))
            form.Set(component.Settings.Name, await AskAsync(component, run, cancellationToken));

        var buttons = run.Screen.Components.Where(component => component.IsInteraction).ToList();
        if (buttons.Count == 0)
            return null;
        var button =
            buttons.Count == 1 && form.Count > 0
                ? buttons[0]
                : await _console.PromptAsync(
                    new SelectionPrompt<ScreenComponent>().UseConverter(item => Markup.Escape(ButtonText(item, run))).AddChoices(buttons),
                    cancellationToken
                );
        return new ScreenSubmission(button.Settings.Id, FlowValue.From(form.Build()));
    }

    private async Task<FlowValue> AskAsync(ScreenComponent component, FlowRun run, CancellationToken cancellationToken)
    {
        var caption = Markup.Escape(ScreenText.Caption(component, run));
        if (component.Type == ComponentType.Checkbox)
            return FlowValue.From(await _console.ConfirmAsync(caption, defaultValue: false, cancellationToken));
        if (component.Type == ComponentType.Select)
        {
            var chosen = await _console.PromptAsync(
                new SelectionPrompt<OptionSettings>()
                    .Title(caption)
                    .UseConverter(option => Markup.Escape(option.Text.Length > 0 ? option.Text : option.Value))
                    .AddChoices(component.Settings.Options),
                cancellationToken
            );
            return FlowValue.From(chosen.Value);
        }

        var prompt = new TextPrompt<string>($"{caption}:").AllowEmpty();
        var standard = component.Settings.Default.EvaluateText(run.Context, ValueEncoder.None);
        if (component.IsSensitive)
            prompt.Secret(null);
        else if (standard.ToText() is { Length: > 0 } text)
            prompt.DefaultValue(text);
        return FlowValue.From(await _console.PromptAsync(prompt, cancellationToken));
    }

    private static string ButtonText(ScreenComponent button, FlowRun run) =>
        button.Settings.Text.EvaluateText(run.Context, ValueEncoder.None).ToText() is { Length: > 0 } text ? text : button.Settings.Id;
}
