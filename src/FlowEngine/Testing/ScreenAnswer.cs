using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Screens;

namespace FlowEngine.Testing;

/// <summary>Shared and immutable: an answer to a screen that was written beforehand, in an answers file or a golden case.</summary>
/// <param name="Screen">The id of the screen it is meant for, or null for whichever is shown.</param>
/// <param name="Interaction">The id of the button or link.</param>
/// <param name="Form">The inputs by name, an object.</param>
/// <param name="Location">Where it stands.</param>
public sealed record ScreenAnswer(string? Screen, string Interaction, FlowValue Form, SourceLocation Location)
{
    /// <summary>Reads <c>[ { "screen": "sign-in", "interaction": "submit", "form":
    /// { … } }, … ]</c>; <c>screen</c> and <c>form</c> may be left out.</summary>
    /// <param name="json">The array; missing for none.</param>
    /// <param name="at">Where it stands.</param>
    /// <param name="problems">Where problems go.</param>
    public static IReadOnlyList<ScreenAnswer> ReadAll(FlowValue json, SourceLocation at, DiagnosticBag problems)
    {
        if (json.IsMissing)
            return [];
        if (!json.TryGetArray(out var array))
        {
            problems.Error(
                FlowErrors.Type,
                at,
                "The answers are not an array.",
                "Write [ { \"screen\": …, \"interaction\": …, \"form\": { … } } ]."
            );
            return [];
        }
        return [.. array.Select((item, index) => Read(item, at.At(index), problems)).OfType<ScreenAnswer>()];
    }

    /// <summary>Why this answer does not belong to the screen that the run waits for, or null when it does.</summary>
    public FlowError? MismatchWith(FlowRun run) =>
        Screen is null || Screen == run.Screen?.Id
            ? null
            : FlowError.Of(
                FlowErrors.AnswerMismatch,
                $"The answer at {Location.Pointer} is for the screen '{Screen}', but the run shows '{run.Screen?.Id}'."
            );

    /// <summary>The answer as a person's submission.</summary>
    public ScreenSubmission ToSubmission() => new(Interaction, Form);

    private static ScreenAnswer? Read(FlowValue item, SourceLocation at, DiagnosticBag problems)
    {
        if (item.Kind != FlowValueKind.Object)
        {
            problems.Error(
                FlowErrors.Type,
                at,
                "An answer is not an object.",
                "Write { \"screen\": …, \"interaction\": …, \"form\": { … } }."
            );
            return null;
        }

        var screen = item.Get("screen");
        string? screenId = null;
        if (!screen.IsNothing && !screen.TryGetText(out screenId))
            problems.Error(FlowErrors.Type, at.At("screen"), "'screen' is not a text.", "Write the id of the screen, or leave it out.");
        if (!item.Get("interaction").TryGetText(out var interaction) || interaction.Length == 0)
            problems.Error(
                FlowErrors.Required,
                at.At("interaction"),
                "'interaction' is missing, empty or not a text.",
                "Write the id of the button or link."
            );
        var form = item.Get("form");
        if (!form.IsNothing && form.Kind != FlowValueKind.Object)
            problems.Error(FlowErrors.Type, at.At("form"), "'form' is not an object.", "Write { \"<input>\": <value> }.");
        return new ScreenAnswer(
            screenId,
            interaction ?? "",
            form.Kind == FlowValueKind.Object ? form : FlowValue.From(FlowObject.Empty),
            at
        );
    }
}
