namespace FlowEngine.Compilation;

/// <summary>A step from one point of a graph to the next.</summary>
internal interface IGraphStep
{
    /// <summary>The point it leaves.</summary>
    int From { get; }

    /// <summary>The point it leads to.</summary>
    int To { get; }
}

/// <summary>Shared and immutable: the steps of a graph by the points that they leave.</summary>
internal sealed class StepTable<TStep>
    where TStep : struct, IGraphStep
{
    private readonly TStep[] _steps;
    private readonly int[] _first;

    /// <summary>Makes it.</summary>
    /// <param name="points">How many points there are.</param>
    /// <param name="start">Where a run begins.</param>
    /// <param name="steps">The steps, in any order; those that leave one point stay in theirs.</param>
    public StepTable(int points, int start, List<TStep> steps)
    {
        _first = new int[points + 1];
        foreach (var step in steps)
            _first[step.From + 1]++;
        for (var i = 0; i < points; i++)
            _first[i + 1] += _first[i];
        _steps = new TStep[steps.Count];
        var next = _first.AsSpan(0, points).ToArray();
        foreach (var step in steps)
            _steps[next[step.From]++] = step;
        Order = FindOrder(points, start);
    }

    /// <summary>The points that can be reached, each before those behind it, but for loops.</summary>
    public int[] Order { get; }

    /// <summary>All steps.</summary>
    public ReadOnlySpan<TStep> All => _steps;

    /// <summary>The steps that leave a point.</summary>
    public ReadOnlySpan<TStep> From(int point) => _steps.AsSpan(_first[point], _first[point + 1] - _first[point]);

    /// <summary>Depth first, with a stack of its own, and turned round: flows may be 20,000 activities deep.</summary>
    private int[] FindOrder(int points, int start)
    {
        var left = new List<int>();
        var seen = new bool[points];
        var work = new Stack<(int Point, int Next)>();
        seen[start] = true;
        work.Push((start, 0));
        while (work.TryPop(out var at))
        {
            var steps = From(at.Point);
            var next = at.Next;
            while (next < steps.Length && seen[steps[next].To])
                next++;
            if (next == steps.Length)
            {
                left.Add(at.Point);
                continue;
            }
            seen[steps[next].To] = true;
            work.Push((at.Point, next + 1));
            work.Push((steps[next].To, 0));
        }
        left.Reverse();
        return [.. left];
    }
}
