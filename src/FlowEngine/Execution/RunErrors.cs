using FlowEngine.Context;

namespace FlowEngine.Execution;

/// <summary>What followed the error of a step. In files and answers each is called by its name in lower case.</summary>
public enum ErrorHandling : byte
{
    /// <summary>The run went back to the last screen, with a message.</summary>
    Automatic,

    /// <summary>It took the outcome of the error event.</summary>
    Custom,

    /// <summary>It went on as if nothing had happened.</summary>
    Ignore,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>It took the outcome that the activity names for such an error.</summary>
    Outcome,
}

/// <summary>Shared and immutable: an error that a run had, and how often in
/// the same way. It holds ids and codes, and no value of the run.</summary>
/// <param name="Code">The stable code; see <c>docs/errors.md</c>.</param>
/// <param name="Activity">The id of the activity, qualified by the subflows it lies in; "" for none.</param>
/// <param name="Connector">The id of the activity's connector; null for none.</param>
/// <param name="Handling">What followed.</param>
/// <param name="Count">How often.</param>
public sealed record RunError(string Code, string Activity, string? Connector, ErrorHandling Handling, int Count);

/// <summary>Per run, thread-safe (branches add to it at once): the errors of its steps, handled or not. The last <see cref="MaxKinds"/>
/// kinds are kept, and how many there were in all.</summary>
public sealed class RunErrors
{
    /// <summary>How many kinds of errors are kept.</summary>
    public const int MaxKinds = 20;

    private static readonly FlowShape Shape = FlowShape.Of("count", "kinds");
    private static readonly FlowShape KindShape = FlowShape.Of("code", "activity", "connector", "handled", "count");

    private readonly Lock _gate = new();
    private readonly List<RunError> _kinds = new(1);
    private int _count;

    /// <summary>How many errors there were.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _count;
        }
    }

    /// <summary>The kinds of errors, each once, the latest last.</summary>
    public IReadOnlyList<RunError> Kinds
    {
        get
        {
            lock (_gate)
                return [.. _kinds];
        }
    }

    internal void Add(RunError error)
    {
        lock (_gate)
        {
            _count += error.Count;
            var before = _kinds.FindIndex(kind => kind with { Count = error.Count } == error);
            if (before >= 0)
            {
                error = error with { Count = _kinds[before].Count + error.Count };
                _kinds.RemoveAt(before);
            }
            else if (_kinds.Count == MaxKinds)
            {
                _kinds.RemoveAt(0);
            }
            _kinds.Add(error);
        }
    }

    /// <summary>The errors as <c>{ count, kinds: [ { code, activity, connector, handled, count } ] }</c>.</summary>
    public FlowValue ToValue()
    {
        lock (_gate)
        {
            return FlowValue.From(
                Shape.With(
                    FlowValue.From(_count),
                    FlowValue.Array(
                        _kinds.Select(kind =>
                            FlowValue.From(
                                KindShape.With(
                                    FlowValue.From(kind.Code),
                                    FlowValue.From(kind.Activity),
                                    FlowValue.From(kind.Connector),
                                    FlowValue.From(NameOf(kind.Handling)),
                                    FlowValue.From(kind.Count)
                                )
                            )
                        )
                    )
                )
            );
        }
    }

    /// <summary>Reads what <see cref="ToValue"/> wrote; null for anything else.</summary>
    public static RunErrors? FromValue(FlowValue value)
    {
        if (!value.Get("kinds").TryGetArray(out var kinds))
            return null;
        var errors = new RunErrors();
        foreach (var kind in kinds)
        {
            kind.Get("connector").TryGetText(out var connector);
            errors._kinds.Add(
                new RunError(
                    kind.Get("code").ToText(),
                    kind.Get("activity").ToText(),
                    connector,
                    HandlingOf(kind.Get("handled").ToText()),
                    NumberOf(kind)
                )
            );
        }
        errors._count = NumberOf(value);
        return errors;
    }

    /// <summary>What a handling is called: <c>automatic</c>, <c>custom</c>, <c>ignore</c>, <c>outcome</c> or <c>failed</c>.</summary>
    public static string NameOf(ErrorHandling handling) =>
        handling switch
        {
            ErrorHandling.Automatic => "automatic",
            ErrorHandling.Custom => "custom",
            ErrorHandling.Ignore => "ignore",
            ErrorHandling.Outcome => "outcome",
            _ => "failed",
        };

    private static ErrorHandling HandlingOf(string name) =>
        name switch
        {
            "automatic" => ErrorHandling.Automatic,
            "custom" => ErrorHandling.Custom,
            "ignore" => ErrorHandling.Ignore,
            "outcome" => ErrorHandling.Outcome,
            _ => ErrorHandling.Failed,
        };

    private static int NumberOf(FlowValue value) => value.Get("count").TryGetInteger(out var count) ? (int)count : 1;
}
