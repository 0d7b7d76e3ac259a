using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Templates;

namespace FlowEngine.Execution;

/// <summary>Per execution of a ForEach, thread-safe: how far its items have come.</summary>
/// <param name="inner">The activity that is done for each.</param>
/// <param name="found">Where that puts what it found.</param>
/// <param name="items">The items, an array.</param>
/// <param name="count">How many there are.</param>
/// <param name="stops">Whether the first failure cancels the rest.</param>
/// <param name="context">The context of the ForEach.</param>
internal sealed class ItemsRun(
    PlanNode inner,
    (ContextRoot Root, string Key) found,
    FlowValue items,
    int count,
    bool stops,
    RunContext context
)
{
    /// <summary>How many values all results may have: ten thousand answers with their headers.</summary>
    private const int MaxValues = 500_000;

    private static readonly FlowShape DoneShape = FlowShape.Of("ok", "value");
    private static readonly FlowShape FailedShape = FlowShape.Of("ok", "error");

    private readonly Lock _gate = new();
    private readonly ItemsDone? _done = ItemsDone.Begin(context.Run, count);
    private FlowValue[] _results = [];
    private int _next;
    private int _problemAt;
    private int _valuesLeft = MaxValues;
    private long _charactersLeft = ValueLimits.MaxCharacters;

    /// <summary>How many items failed; those that were cancelled for it not counted.</summary>
    public int Failed { get; private set; }

    /// <summary>The first failure: of items that are all gone through, that of the first item. Null for none.</summary>
    public FlowError? Problem { get; private set; }

    /// <summary>Goes through the items.</summary>
    /// <param name="concurrency">How many at once.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task RunAsync(int concurrency, CancellationToken cancellationToken)
    {
        Begin();
        using var rest = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var workers = new Task[Math.Min(concurrency, count)];
        for (var i = 0; i < workers.Length; i++)
            workers[i] = WorkAsync(rest, cancellationToken);
        await Task.WhenAll(workers).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (_done is { Failure: null })
            context.Run.Items = null;
    }

    /// <summary>Begins where the run was when it was stored.</summary>
    private void Begin()
    {
        _results = _done?.Results() ?? new FlowValue[count];
        for (var i = 0; _done is not null && i < count; i++)
        {
            if (_results[i].IsMissing)
                continue;
            ValueLimits.TryTake(_results[i], ref _valuesLeft, ref _charactersLeft);
            if (FlowError.FromValue(_results[i].Get("error")) is { } problem)
                Note(i, problem);
        }
    }

    /// <summary>What the items gave, in their order.</summary>
    public FlowValue Results()
    {
        FlowValue stopped = default;
        for (var i = 0; i < _results.Length; i++)
        {
            if (!_results[i].IsMissing)
                continue;
            if (stopped.IsMissing)
                stopped = Failure(FlowError.Of(FlowErrors.ItemStopped, FlowErrors.ItemStopped.Meaning));
            _results[i] = stopped;
        }
        return FlowValue.From(FlowArray.Of(_results));
    }

    private async Task WorkAsync(CancellationTokenSource rest, CancellationToken cancellationToken)
    {
        // Off the caller's stack, once for all of its items: see BranchExecutor.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        // One context for all of its items, one after the other.
        RunContext? fork = null;
        while ((fork = Next(fork, rest.Token, out var index)) is not null)
        {
            FlowError? problem;
            try
            {
                problem = await BranchExecutor.ExecuteAsync(inner, fork, rest.Token).ConfigureAwait(false);
            }
            catch (Exception) when (rest.IsCancellationRequested)
            {
                // It has no result: somebody else's failure, or the caller, ended it.
                return;
            }
            if (
                Take(index, fork, problem)
                || (
                    _done is not null
                    && !await _done.TakeAsync(index, _results[index], context.Run, cancellationToken).ConfigureAwait(false)
                )
            )
                await rest.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The context of the next item; null when there is none left.</summary>
    /// <param name="used">That of the item before it, which is done; null for the first of a worker.</param>
    /// <param name="rest">Whether the rest is cancelled.</param>
    /// <param name="index">The item's place.</param>
    private RunContext? Next(RunContext? used, CancellationToken rest, out int index)
    {
        lock (_gate)
        {
            while (_next < count && !_results[_next].IsMissing)
                _next++;
            index = _next;
            if (index == count || rest.IsCancellationRequested)
                return null;
            _next++;
            // Under the lock, so that the steps of the trace are in the order of the items.
            var frame = context.Frame.CopyFor(items.Get(index), index, (ItemFrame?)used?.Frame);
            var fork = used is null ? context.Fork(inner, frame) : context.Fork(inner, used);
            // What stood there before is nothing that this item gave.
            if (found.Root == ContextRoot.Connectors)
                fork.Frame.Connectors = Without(fork.Frame.Connectors);
            else
                fork.Frame.Scripts = Without(fork.Frame.Scripts);
            return fork;
        }
    }

    /// <summary>Takes what an item gave.</summary>
    /// <returns>Whether the rest is to be cancelled.</returns>
    private bool Take(int index, RunContext fork, FlowError? problem)
    {
        lock (_gate)
        {
            var result = problem is null ? Success(fork) : Failure(problem);
            if (!ValueLimits.TryTake(result, ref _valuesLeft, ref _charactersLeft))
            {
                Note(
                    index,
                    FlowError.Of(
                        FlowErrors.ValueTooLarge,
                        $"The results of the items hold more than {MaxValues} values or {ValueLimits.MaxCharacters} characters."
                    )
                );
                return true;
            }
            _results[index] = result;
            if (problem is null)
                return false;
            Note(index, problem);
            return stops;
        }
    }

    private void Note(int index, FlowError problem)
    {
        Failed++;
        if (Problem is not null && (stops || index > _problemAt))
            return;
        (Problem, _problemAt) = (problem, index);
    }

    private FlowValue Success(RunContext fork)
    {
        var root = found.Root == ContextRoot.Connectors ? fork.Frame.Connectors : fork.Frame.Scripts;
        var value = root.Get(found.Key);
        return FlowValue.From(DoneShape.With(FlowValue.True, value.IsMissing ? FlowValue.Null : value));
    }

    private static FlowValue Failure(FlowError problem) => FlowValue.From(FailedShape.With(FlowValue.False, problem.ToValue()));

    private FlowValue Without(FlowValue root) =>
        root.Get(found.Key).IsMissing || !root.TryGetObject(out var all) ? root : FlowValue.From(all.With(found.Key, FlowValue.Missing));
}
