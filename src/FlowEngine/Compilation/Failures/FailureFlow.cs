using System.Runtime.CompilerServices;

namespace FlowEngine.Compilation.Failures;

/// <summary>
/// Failures that were not named, a bit for each of a block of 64, in twelve sets: by what is known of the person (nothing, who it is since
/// before the last screen, who it is since then), by whether the failure is the last error, and by whether what it wrote is still there.
/// </summary>
[InlineArray(Count)]
internal struct Pending
{
    /// <summary>How many sets there are.</summary>
    public const int Count = Persons * Each;

    /// <summary>How many of them are told apart by the person.</summary>
    public const int Persons = 3;

    /// <summary>How many sets there are for each of these.</summary>
    public const int Each = 4;

    /// <summary>Added to a set's place: something else has failed since.</summary>
    public const int Earlier = 2;

    /// <summary>Added to a set's place: something else may have been written in the place of the result.</summary>
    public const int Gone = 1;

    private ulong _bits;

    /// <summary>Whether there is none.</summary>
    public readonly bool IsEmpty
    {
        get
        {
            var all = 0UL;
            for (var i = 0; i < Count; i++)
                all |= this[i];
            return all == 0;
        }
    }

    /// <summary>Those of a person who is known.</summary>
    public readonly ulong Known
    {
        get
        {
            var known = 0UL;
            for (var i = Each; i < Count; i++)
                known |= this[i];
            return known;
        }
    }

    /// <summary>Adds others.</summary>
    /// <returns>Whether some of them are new.</returns>
    public bool Add(in Pending other)
    {
        var isNew = false;
        for (var i = 0; i < Count; i++)
        {
            isNew |= (other[i] & ~this[i]) != 0;
            this[i] |= other[i];
        }
        return isNew;
    }
}

/// <summary>
/// Per compilation and single-threaded: follows failures that were not named through a flow, until something names them, for 64 of them at
/// once. As <see cref="Paths.PathFlow"/>, it is Kildall's analysis (1973): memory grows with the flow alone, time with the flow times a
/// 64th of its failures.
/// </summary>
internal sealed class FailureFlow
{
    /// <summary>How many failures are followed at once.</summary>
    public const int BlockSize = 64;

    private readonly FailureGraph _graph;
    private readonly FailureNames _names;

    private readonly KnownPersons _persons;
    private readonly bool[] _hasOwn;
    private readonly bool[] _leadsToTokens;

    /// <summary>The screens to which errors send people back.</summary>
    private readonly bool[] _returns;
    private readonly Pending[] _pending;
    private readonly bool[] _isNew;
    private int _block;

    /// <summary>Makes it.</summary>
    public FailureFlow(FailureGraph graph, FailureNames names, KnownPersons persons)
    {
        (_graph, _names, _persons) = (graph, names, persons);
        _hasOwn = new bool[graph.Points];
        foreach (var failure in graph.Failures)
            _hasOwn[failure.Point] = true;
        _returns = new bool[graph.Points];
        _leadsToTokens = graph.FindWaysToTokens();
        _pending = new Pending[graph.Points];
        _isNew = new bool[graph.Points];
        FindReturns();
    }

    /// <summary>How many steps were followed.</summary>
    public long Steps { get; private set; }

    /// <summary>Follows a block of failures.</summary>
    /// <param name="block">Its number.</param>
    /// <returns>Which of them may be there at each point.</returns>
    public ReadOnlySpan<Pending> Follow(int block)
    {
        _block = block;
        Array.Clear(_pending);
        Array.Clear(_isNew);
        foreach (var failure in _graph.Failures.Skip(block * BlockSize).Take(BlockSize))
            _isNew[failure.Point] = true;
        for (var changed = true; changed; )
        {
            changed = false;
            foreach (var point in _graph.Order)
            {
                if (!_isNew[point])
                    continue;
                _isNew[point] = false;
                foreach (ref readonly var step in _graph.From(point))
                {
                    Steps++;
                    if (_leadsToTokens[step.To] && _pending[step.To].Add(Behind(step, _pending[point])))
                        changed = _isNew[step.To] = true;
                }
            }
        }
        return _pending;
    }

    /// <summary>What is still not named behind a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="before">What was not named before it.</param>
    public Pending Behind(in FailureStep step, in Pending before)
    {
        var pending = before;
        var effects = step.Effects;
        if (!pending.IsEmpty)
        {
            Settle(step, ref pending);
            if (effects.HasFlag(StepEffects.SendsBack))
                pending[..(2 * Pending.Each)].Clear();
            if (step.From < _graph.Activities && _names.ReplacedAt(step.From) is { } replaced)
                Replace(ref pending, Bits(replaced));
            if (effects.HasFlag(StepEffects.Clears))
                Clear(step.From, ref pending);
            if (effects.HasFlag(StepEffects.SetsError))
                Age(ref pending, remains: false);
            if (effects.HasFlag(StepEffects.MaySetError) || _returns[step.From])
                Age(ref pending, remains: true);
            if (_graph.Waits(step.From))
                MovePersons(ref pending, from: 2, to: 1, remains: false);
            if (effects.HasFlag(StepEffects.MayWait))
                MovePersons(ref pending, from: 2, to: 1, remains: true);
            if (effects.HasFlag(StepEffects.KnowsPerson))
            {
                MovePersons(ref pending, from: 0, to: 2, remains: false);
                MovePersons(ref pending, from: 1, to: 2, remains: false);
            }
        }
        if (step.Given > 0)
            Give(step, ref pending);
        return pending;
    }

    /// <summary>The failures that happen on a step, as far as they belong to the block.</summary>
    public ulong GivenBy(in FailureStep step) => Range(step.FirstGiven, step.Given);

    private void Give(in FailureStep step, ref Pending pending)
    {
        var given = GivenBy(step);
        if (given == 0)
            return;
        // What fails inside another activity is not the last error of the run.
        var isLast = step.Effects.HasFlag(StepEffects.SetsError) || step.Effects.HasFlag(StepEffects.MaySetError);
        var persons = _persons.Behind(step, _persons.At(step.From));
        for (var person = 0; person < Pending.Persons; person++)
        {
            if (((int)persons >> person & 1) == 0)
                continue;
            if (isLast)
                pending[person * Pending.Each] |= given;
            if (!step.Effects.HasFlag(StepEffects.SetsError))
                pending[person * Pending.Each + Pending.Earlier] |= given;
        }
    }

    /// <summary>An activity that ends another time says anew how; and a branch of a condition may name what failed.</summary>
    private void Settle(in FailureStep step, ref Pending pending)
    {
        var own = _hasOwn[step.From] ? OwnOf(step.From) : 0;
        var settled = _names.By(step);
        var (latest, gone, earlier) = (own | Bits(settled.Latest), own | Bits(settled.LatestGone), own | Bits(settled.Earlier));
        for (var i = 0; i < Pending.Count; i += Pending.Each)
        {
            pending[i] &= ~latest;
            pending[i + Pending.Gone] &= ~gone;
            pending[i + Pending.Earlier] &= ~earlier;
            pending[i + Pending.Earlier + Pending.Gone] &= ~own;
        }
    }

    /// <summary>The failures of the activity itself, and of those inside it.</summary>
    private ulong OwnOf(int point)
    {
        var own = 0UL;
        foreach (ref readonly var step in _graph.From(point))
            own |= Range(step.FirstGiven, step.Given);
        return own;
    }

    private ulong Bits(FailureSet set)
    {
        if (set.IsAll)
            return ~0UL;
        var bits = 0UL;
        foreach (var failure in set.Some)
            bits |= Range(failure, 1);
        return bits;
    }

    private ulong Range(int first, int count)
    {
        var from = Math.Clamp(first - _block * BlockSize, 0, BlockSize);
        var to = Math.Clamp(first + count - _block * BlockSize, 0, BlockSize);
        return to <= from ? 0
            : to - from == BlockSize ? ~0UL
            : ((1UL << (to - from)) - 1) << from;
    }

    /// <summary>The flow begins again, and nobody is known any more. The last error outlives that.</summary>
    private void Clear(int point, ref Pending pending)
    {
        var cleared = Bits(_names.ClearedAt(point));
        for (var i = 0; i < Pending.Count; i += 2)
        {
            if (_names.ReadsError)
                pending[i + Pending.Gone] |= pending[i] & cleared;
            else
                pending[i + Pending.Gone] &= ~cleared;
            pending[i] &= ~cleared;
        }
        MovePersons(ref pending, from: 1, to: 0, remains: false);
        MovePersons(ref pending, from: 2, to: 0, remains: false);
    }

    private static void Age(ref Pending pending, bool remains)
    {
        for (var i = 0; i < Pending.Count; i++)
        {
            if (i % Pending.Each >= Pending.Earlier)
                continue;
            pending[i + Pending.Earlier] |= pending[i];
            if (!remains)
                pending[i] = 0;
        }
    }

    private static void Replace(ref Pending pending, ulong replaced)
    {
        for (var i = 0; i < Pending.Count; i += 2)
            pending[i + Pending.Gone] |= pending[i] & replaced;
    }

    private static void MovePersons(ref Pending pending, int from, int to, bool remains)
    {
        for (var i = 0; i < Pending.Each; i++)
        {
            pending[to * Pending.Each + i] |= pending[from * Pending.Each + i];
            if (!remains)
                pending[from * Pending.Each + i] = 0;
        }
    }

    /// <summary>Finds the screens to which an error may send people back: what failed before may not be the last error there.</summary>
    private void FindReturns()
    {
        var pending = new Stack<int>();
        var seen = new bool[_graph.Points];
        for (var point = 0; point < _graph.Activities; point++)
        {
            foreach (ref readonly var step in _graph.From(point))
            {
                if (step.Effects.HasFlag(StepEffects.SendsBack))
                    pending.Push(step.To);
            }
        }
        while (pending.TryPop(out var point))
        {
            if (seen[point])
                continue;
            seen[point] = true;
            if (point < _graph.Activities)
            {
                _returns[point] = true;
                continue;
            }
            foreach (ref readonly var step in _graph.From(point))
                pending.Push(step.To);
        }
    }
}
