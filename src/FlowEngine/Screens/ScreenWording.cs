using FlowEngine.Execution;
using FlowEngine.Templates;

namespace FlowEngine.Screens;

/// <summary>Shared and immutable: what the texts of a screen, or of an end, were made of, so that whoever shows them can say them in
/// another language.</summary>
/// <param name="Problems">What is wrong with what was submitted; none when nothing is.</param>
/// <param name="Filled">What texts with values in them were made of.</param>
public sealed record ScreenWording(IReadOnlyList<InputProblem> Problems, IReadOnlyList<FilledText> Filled)
{
    /// <summary>Nothing that has to be known.</summary>
    public static ScreenWording None { get; } = new([], []);

    /// <summary>The wording of where a run is.</summary>
    /// <param name="run">The run.</param>
    /// <param name="filled">What <see cref="ScreenView"/> noted of its screen; null when nobody wants to know.</param>
    public static ScreenWording Of(FlowRun run, List<FilledText>? filled)
    {
        if (filled is not null && run.ErrorTextSource is { } message)
            filled.Add(message);
        return run.InputProblems.Count == 0 && filled is not { Count: > 0 } ? None : new ScreenWording(run.InputProblems, filled ?? []);
    }
}
