using FlowEngine.Templates;

namespace FlowEngine.Compilation.Paths;

/// <summary>A step from one point of a flow to the next.</summary>
/// <param name="From">The point it leaves.</param>
/// <param name="To">The point it leads to.</param>
/// <param name="Writes">The position of what is written on it among <see cref="FlowGraph.Writes"/>; -1 for nothing.</param>
internal readonly record struct FlowStep(int From, int To, int Writes) : IGraphStep;

/// <summary>
/// Per compilation, built once and then read only: all ways that a run can take through a flow. The point of an activity's position is
/// where it begins; further points stand
/// between what an activity writes and where its outcomes lead, so that one that writes much and leads far costs the sum of both, not the
/// product.
/// </summary>
internal sealed class FlowGraph
{
    private readonly List<FlowStep> _steps = [];
    private readonly Dictionary<ContextWrites, int> _positions = new(ReferenceEqualityComparer.Instance);
    private readonly List<ContextWrites> _writes = [];
    private readonly List<int> _owners = [];
    private readonly HashSet<int> _waiting = [];
    private readonly Dictionary<(int Node, int Port), int> _messages = [];
    private StepTable<FlowStep> _sorted;

    /// <summary>Makes a graph of that many points without steps.</summary>
    public FlowGraph(int points, int start)
    {
        Points = points;
        Start = start;
        _owners.AddRange(Enumerable.Range(0, points));
        _sorted = new StepTable<FlowStep>(points, start, _steps);
    }

    /// <summary>How many points there are.</summary>
    public int Points { get; private set; }

    /// <summary>The point where a run begins.</summary>
    public int Start { get; }

    /// <summary>What is written, each once.</summary>
    public IReadOnlyList<ContextWrites> Writes => _writes;

    /// <summary>How many steps there are.</summary>
    public int StepCount => _steps.Count;

    /// <summary>The points that a run can reach, each before those behind it, but for loops.</summary>
    public ReadOnlySpan<int> Order => _sorted.Order;

    /// <summary>The steps that leave a point.</summary>
    public ReadOnlySpan<FlowStep> From(int point) => _sorted.From(point);

    /// <summary>The activity that a point belongs to; -1 for one from which errors go back to a screen.</summary>
    public int OwnerOf(int point) => _owners[point];

    /// <summary>Whether a run certainly waits for a person at a point, to whom errors go back then.</summary>
    public bool Waits(int point) => _waiting.Contains(point);

    /// <summary>Says that a run certainly waits at a point.</summary>
    public void AddWaiting(int point) => _waiting.Add(point);

    /// <summary>The point where what a connection says is made, behind what
    /// its activity writes and before where it leads; -1 for none.</summary>
    public int MessageOf(int node, int port) => _messages.GetValueOrDefault((node, port), -1);

    /// <summary>The point where what a connection says is made; it is added when there is none yet.</summary>
    /// <param name="node">The activity that it leaves.</param>
    /// <param name="port">By which outcome.</param>
    /// <param name="target">Where it leads.</param>
    public int AddMessage(int node, int port, int target)
    {
        if (!_messages.TryGetValue((node, port), out var point))
        {
            _messages.Add((node, port), point = AddPoint(node));
            Add(point, target);
        }
        return point;
    }

    /// <summary>Adds a point.</summary>
    /// <param name="owner">The activity that it belongs to; -1 for one from which errors go back to a screen.</param>
    public int AddPoint(int owner)
    {
        _owners.Add(owner);
        return Points++;
    }

    /// <summary>Adds a step.</summary>
    public void Add(int from, int to, ContextWrites? writes = null)
    {
        var position = -1;
        if (writes is { Items.Count: > 0 } && !_positions.TryGetValue(writes, out position))
        {
            position = _writes.Count;
            _positions.Add(writes, position);
            _writes.Add(writes);
        }
        _steps.Add(new FlowStep(from, to, position));
    }

    /// <summary>To be called when all is added, and again when more was: sorts it, and finds what can be reached.</summary>
    public void Complete() => _sorted = new StepTable<FlowStep>(Points, Start, _steps);

    /// <summary>The steps that lead to each point, by its position; for messages.</summary>
    public List<FlowStep>?[] FindSources()
    {
        var sources = new List<FlowStep>?[Points];
        foreach (var step in _steps)
            (sources[step.To] ??= []).Add(step);
        return sources;
    }
}
