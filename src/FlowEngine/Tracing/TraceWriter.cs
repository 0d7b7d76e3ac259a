using FlowEngine.Context;

namespace FlowEngine.Tracing;

/// <summary>Turns a trace into data that may be shown and stored: redacted. Stateless.</summary>
public static class TraceWriter
{
    /// <summary>The steps as an array, each as <see cref="TraceStep"/> describes it; what a step does not have is left out.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="redactor">Takes the secrets out.</param>
    /// <param name="room">How much may be told; null (the default) for all of it.</param>
    public static FlowValue ToValue(IEnumerable<TraceStep> steps, Redactor redactor, TraceRoom? room = null) =>
        FlowValue.From(FlowArray.From(steps.TakeWhile(_ => room is not { HasSteps: false }).Select(step => ToValue(step, redactor, room))));

    private static FlowValue ToValue(TraceStep step, Redactor redactor, TraceRoom? room)
    {
        room?.TakeStep(step);
        var told = new StepTelling(redactor, room);
        step.Tell(ref told);
        return told.ToValue();
    }
}

/// <summary>Per step and single-threaded: how the parts of a step are told. What is empty is left out, and without room all but the bare
/// step is.</summary>
internal ref struct StepTelling(Redactor redactor, TraceRoom? room)
{
    /// <summary>How many warnings of a step are told where there is a limit.</summary>
    private const int MaxWarnings = 20;

    private readonly FlowObjectBuilder _view = new(8);
    private readonly bool _isBare = room is { HasValues: false };
    private bool _isCut = room is { HasValues: false };

    /// <summary>Whether something was left out for lack of room.</summary>
    public readonly bool IsCut => _isCut;

    /// <summary>What is told in any case: no value of the run.</summary>
    public readonly void Bare(string name, FlowValue value)
    {
        if (!value.IsMissing)
            _view.Set(name, value);
    }

    /// <summary>That something is so; no value of the run.</summary>
    public readonly void Fact(string name, bool isSo)
    {
        if (isSo && !_isBare)
            _view.Set(name, FlowValue.True);
    }

    /// <summary>How many there are; no value of the run.</summary>
    public readonly void Fact(string name, int count)
    {
        if (count != 0 && !_isBare)
            _view.Set(name, FlowValue.From(count));
    }

    /// <summary>Texts of the flow; no value of the run.</summary>
    public readonly void Texts(string name, IReadOnlyList<string>? texts)
    {
        if (texts is not null && !_isBare)
            _view.Set(name, FlowValue.From(FlowArray.From(texts.Select(FlowValue.From))));
    }

    /// <summary>A text in which values of the run may be: redacted, and cut where there is too little room.</summary>
    public void Text(string name, string? text)
    {
        if (text is not null)
            Value(name, FlowValue.From(text));
    }

    /// <summary>A value of the run: redacted, and cut where there is too little room.</summary>
    public void Value(string name, FlowValue value)
    {
        if (!value.IsMissing && !_isBare)
            _view.Set(name, Shown(value));
    }

    /// <summary>Warnings: their messages are values of the run.</summary>
    public void Warnings(string name, IReadOnlyList<TraceWarning>? warnings)
    {
        if (warnings is null || _isBare)
            return;
        var count = room is null ? warnings.Count : Math.Min(warnings.Count, MaxWarnings);
        var pairs = new FlowValue[count];
        for (var i = 0; i < count; i++)
        {
            var pair = new FlowObjectBuilder(2);
            pair.Set("code", FlowValue.From(warnings[i].Code));
            pair.Set("message", Shown(FlowValue.From(warnings[i].Message)));
            pairs[i] = FlowValue.From(pair.Build());
        }
        _view.Set(name, FlowValue.From(FlowArray.From(pairs)));
        _isCut |= count < warnings.Count;
    }

    /// <summary>The steps within it.</summary>
    public readonly void Steps(string name, IReadOnlyList<TraceStep>? steps)
    {
        if (steps is not null && !_isBare)
            _view.Set(name, TraceWriter.ToValue(steps, redactor, room));
    }

    /// <summary>What was told.</summary>
    public readonly FlowValue ToValue() => FlowValue.From(_view.Build());

    private FlowValue Shown(FlowValue value)
    {
        var redacted = redactor.Redact(value);
        return room is null ? redacted : room.Take(redacted, ref _isCut);
    }
}
