namespace FlowEngine.Execution;

/// <summary>Shared and immutable: how long a flow may have people wait, and what that is to a flow that enters it.</summary>
/// <param name="Stretches">Its stretches from screen to screen: that from the start first, where it begins with none.</param>
/// <param name="Entry">From its start to its first screen, or to wherever a run ends before; null when that has no end.</param>
/// <param name="Through">From its start to one of its Ends without a screen; null where there is no such way.</param>
/// <param name="Exit">From the last screen to an End; null where there is no such way.</param>
internal sealed record FlowWaits(IReadOnlyList<StretchWait> Stretches, StretchWait Entry, StretchWait? Through, StretchWait? Exit)
{
    private static readonly StretchWait Nothing = new(StretchWait.AtStart, -1, TimeSpan.Zero, []);

    /// <summary>Of a flow that asks nobody, and shows nothing.</summary>
    public static FlowWaits None { get; } = new([], Nothing, Nothing, null);
}
