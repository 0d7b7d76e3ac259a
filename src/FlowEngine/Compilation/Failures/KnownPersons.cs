namespace FlowEngine.Compilation.Failures;

/// <summary>What is known of the person.</summary>
[Flags]
internal enum Knowledge : byte
{
    /// <summary>The point is not reached.</summary>
    None = 0,

    /// <summary>Nobody knows who it is.</summary>
    Unknown = 1,

    /// <summary>It was known before the last screen was shown.</summary>
    Before = 2,

    /// <summary>It was found out since.</summary>
    Since = 4,
}

/// <summary>Per compilation, built once and then read only: what may be known of the person at each point of a flow.</summary>
internal sealed class KnownPersons
{
    private readonly FailureGraph _graph;
    private readonly Knowledge[] _persons;

    /// <summary>Makes it.</summary>
    public KnownPersons(FailureGraph graph)
    {
        _graph = graph;
        _persons = new Knowledge[graph.Points];
        _persons[graph.Start] = Knowledge.Unknown;
        for (var changed = true; changed; )
        {
            changed = false;
            foreach (var point in graph.Order)
            {
                foreach (ref readonly var step in graph.From(point))
                {
                    var persons = _persons[step.To] | Behind(step, _persons[point]);
                    changed |= persons != _persons[step.To];
                    _persons[step.To] = persons;
                }
            }
        }
    }

    /// <summary>What may be known at a point.</summary>
    public Knowledge At(int point) => _persons[point];

    /// <summary>What may be known behind a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="before">What may be known before it.</param>
    public Knowledge Behind(in FailureStep step, Knowledge before)
    {
        var persons = step.Effects.HasFlag(StepEffects.SendsBack) ? before & Knowledge.Since : before;
        if (persons == Knowledge.None)
            return persons;
        if (persons.HasFlag(Knowledge.Since))
        {
            if (_graph.Waits(step.From))
                persons = persons & ~Knowledge.Since | Knowledge.Before;
            else if (step.Effects.HasFlag(StepEffects.MayWait))
                persons |= Knowledge.Before;
        }
        if (step.Effects.HasFlag(StepEffects.Clears))
            persons = Knowledge.Unknown;
        return step.Effects.HasFlag(StepEffects.KnowsPerson) ? Knowledge.Since : persons;
    }
}
