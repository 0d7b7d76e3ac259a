using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Json;
using FlowEngine.Screens;

namespace FlowEngine.Storage;

/// <summary>Stateless: the screen that a run waits for, as it is stored beside it: <c>{ id, title, activity }</c>. The title is as the flow
/// has it, with its templates: no value of the run is in it.</summary>
internal static class WaitingScreen
{
    private static readonly FlowShape Shape = FlowShape.Of("id", "title", "activity");

    // Of a screen of a plan it is the same each time, but for the activities that show it.
    private static readonly ConditionalWeakTable<CompiledScreen, ConcurrentDictionary<string, string>> Known = [];

    /// <summary>The screen that a run waits for; null when it waits for none.</summary>
    public static string? Of(FlowRun run) =>
        run.Screen is not { } screen
            ? null
            : Known.GetOrCreateValue(screen).GetOrAdd(run.ActivityId, static (activity, screen) => Write(screen, activity), screen);

    private static string Write(CompiledScreen screen, string activity) =>
        JsonWriting.ToText(
            FlowValue.From(Shape.With(FlowValue.From(screen.Id), FlowValue.From(screen.Title.Source), FlowValue.From(activity)))
        );
}
