using FlowEngine.Execution;

namespace FlowEngine.Compilation.Failures;

/// <summary>What a step does to the failures that were not named before.</summary>
[Flags]
internal enum StepEffects : byte
{
    None = 0,

    /// <summary>Another error is the last one now.</summary>
    SetsError = 1,

    /// <summary>Another error may be the last one now.</summary>
    MaySetError = 2,

    /// <summary>The flow knows now who the person is.</summary>
    KnowsPerson = 4,

    /// <summary>The flow begins again, and forgets what was found.</summary>
    Clears = 8,

    /// <summary>The run goes back to the last screen. Nothing is told of it, unless who the person is was found out since.</summary>
    SendsBack = 16,

    /// <summary>A person may have been waited for within it.</summary>
    MayWait = 32,
}

/// <summary>Shared and immutable: a step from one point to the next.</summary>
/// <param name="From">The point it leaves.</param>
/// <param name="To">The point it leads to.</param>
/// <param name="Label">By which port, for a message.</param>
/// <param name="Effects">What it does.</param>
/// <param name="FirstGiven">The first of the failures that happen on it.</param>
/// <param name="Given">How many these are.</param>
/// <param name="Port">The outcome by which a condition is left; -1 for what is none.</param>
internal readonly record struct FailureStep(
    int From,
    int To,
    string Label,
    StepEffects Effects = StepEffects.None,
    int FirstGiven = 0,
    int Given = 0,
    int Port = -1
) : IGraphStep;

/// <summary>Shared and immutable: a flow that is entered, or the one that is looked at.</summary>
/// <param name="Index">Its number.</param>
/// <param name="Prefix">What its activities' ids are qualified by.</param>
/// <param name="Nodes">Its activities.</param>
/// <param name="Base">The point of the first of them.</param>
internal sealed record FailureFrame(int Index, string Prefix, PlanNode[] Nodes, int Base);

/// <summary>
/// Per compilation, built once and then read only: all ways through a flow and the subflows that it enters, with the failures that happen
/// on them. Behind the points of activities stands for each of them one more: where a run is on its way back to its last screen.
/// </summary>
internal sealed class FailureGraph
{
    private readonly StepTable<FailureStep> _steps;

    /// <summary>Makes it.</summary>
    public FailureGraph(
        IReadOnlyList<FailureFrame> frames,
        int[] frameOf,
        int points,
        int start,
        List<FailureStep> steps,
        IReadOnlyList<OpenFailure> failures
    )
    {
        (Frames, FrameOf, Points, Start, Failures) = (frames, frameOf, points, start, failures);
        _steps = new StepTable<FailureStep>(points, start, steps);
    }

    /// <summary>The flow, and the subflows as often as they are entered.</summary>
    public IReadOnlyList<FailureFrame> Frames { get; }

    /// <summary>The frame of each activity's point.</summary>
    public int[] FrameOf { get; }

    /// <summary>How many points there are.</summary>
    public int Points { get; }

    /// <summary>How many of the points are activities; the others are those on the way back.</summary>
    public int Activities => FrameOf.Length;

    /// <summary>Where a run begins.</summary>
    public int Start { get; }

    /// <summary>The failures.</summary>
    public IReadOnlyList<OpenFailure> Failures { get; }

    /// <summary>The points that can be reached, each before those behind it, but for loops.</summary>
    public int[] Order => _steps.Order;

    /// <summary>How many steps there are.</summary>
    public int StepCount => _steps.All.Length;

    /// <summary>The steps that leave a point.</summary>
    public ReadOnlySpan<FailureStep> From(int point) => _steps.From(point);

    /// <summary>The activity of a point.</summary>
    public PlanNode NodeOf(int point) => FrameAt(point).Nodes[point - FrameAt(point).Base];

    /// <summary>The frame of a point that is an activity.</summary>
    public FailureFrame FrameAt(int point) => Frames[FrameOf[point]];

    /// <summary>The qualified id of the activity of a point.</summary>
    public string IdOf(int point) => FrameAt(point).Prefix + NodeOf(point).Id;

    /// <summary>Whether a point is a screen.</summary>
    public bool Waits(int point) => point < Activities && NodeOf(point) is { Waits: true, Activity.Enters: null };

    /// <summary>Whether a point is an End of the flow that is looked at, which issues tokens to whom it knows.</summary>
    public bool IssuesTokens(int point) =>
        point < Frames[0].Nodes.Length && Frames[0].Nodes[point].Activity.Exit is { MayIssueTokens: true };

    /// <summary>The points from which such an End can be reached.</summary>
    public bool[] FindWaysToTokens()
    {
        var sources = new List<int>?[Points];
        foreach (ref readonly var step in _steps.All)
            (sources[step.To] ??= []).Add(step.From);
        var found = new bool[Points];
        var pending = new Stack<int>(Enumerable.Range(0, Frames[0].Nodes.Length).Where(IssuesTokens));
        while (pending.TryPop(out var point))
        {
            if (found[point])
                continue;
            found[point] = true;
            foreach (var source in sources[point] ?? [])
                pending.Push(source);
        }
        return found;
    }
}
