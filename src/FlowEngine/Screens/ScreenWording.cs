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
    /// <param name="problems">What is wrong with what was submitted.</param>
    /// <param name="message">What the message of the last attempt was made of; null for none, or for one without values.</param>
    /// <param name="filled">What <c>ScreenView</c> noted of its screen; null when nobody wants to know.</param>
    public static ScreenWording Of(IReadOnlyList<InputProblem> problems, FilledText? message, List<FilledText>? filled)
    {
        if (filled is not null && message is not null)
            filled.Add(message);
        return problems.Count == 0 && filled is not { Count: > 0 } ? None : new ScreenWording(problems, filled ?? []);
    }
}
