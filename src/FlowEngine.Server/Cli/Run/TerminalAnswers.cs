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
        foreach (var component in run.Screen!.Components.OfType<InputComponent>())
        {
            if (run.Screen.IsShown(component, run.Context, form.Get))
                form.Set(component.Name, await AskAsync(component, run, cancellationToken));
        }

        var buttons = run
            .Screen.Components.OfType<InteractionComponent>()
            .Where(component => component.Id.Length > 0 && run.Screen.IsShown(component, run.Context, form.Get))
            .ToList();
        if (buttons.Count == 0)
            return null;
        var button =
            buttons.Count == 1 && form.Count > 0
                ? buttons[0]
                : await _console.PromptAsync(
                    new SelectionPrompt<InteractionComponent>()
                        .UseConverter(item => Markup.Escape(ButtonText(item, run)))
                        .AddChoices(buttons),
                    cancellationToken
                );
        return new ScreenSubmission(button.Id, FlowValue.From(form.Build()));
    }

    private async Task<FlowValue> AskAsync(InputComponent component, FlowRun run, CancellationToken cancellationToken)
    {
        var caption = Markup.Escape(ScreenText.Caption(component, run));
        if (component.Kind == InputKind.YesOrNo)
            return FlowValue.From(await _console.ConfirmAsync(caption, defaultValue: false, cancellationToken));
        if (component.Kind == InputKind.Choice && component.ChoicesFor(run.Context) is { Count: > 0 } choices)
        {
            var chosen = await _console.PromptAsync(
                new SelectionPrompt<ComponentOption>()
                    .Title(caption)
                    .UseConverter(option => Markup.Escape(option.Text.Length > 0 ? option.Text : option.Value))
                    .AddChoices(choices),
                cancellationToken
            );
            return FlowValue.From(chosen.Value);
        }

        var prompt = new TextPrompt<string>($"{caption}:").AllowEmpty();
        var standard = component.Start.EvaluateText(run.Context, ValueEncoder.None);
        if (component.IsSensitive)
            prompt.Secret(null);
        else if (standard.ToText() is { Length: > 0 } text)
            prompt.DefaultValue(text);
        return FlowValue.From(await _console.PromptAsync(prompt, cancellationToken));
    }

    private static string ButtonText(InteractionComponent button, FlowRun run) =>
        button.Text.EvaluateText(run.Context, ValueEncoder.None).ToText() is { Length: > 0 } text ? text : button.Id;
}
