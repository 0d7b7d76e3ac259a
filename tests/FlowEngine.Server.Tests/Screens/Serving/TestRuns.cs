using System.Collections.Concurrent;
using System.Globalization;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Screens;
using FlowEngine.Server.Runs;
using FlowEngine.Templates;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.Server.Tests.Screens.Serving;

/// <summary>Runs of the real engine in a dictionary: what the server's own service promises, without storage.</summary>
internal sealed class TestRuns(TestFlows flows) : RunService
{
    private readonly ConcurrentDictionary<string, Entry> _runs = new(StringComparer.Ordinal);
    private int _advances;

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UnixEpoch.AddYears(60));

    /// <summary>How often a submission advanced a run.</summary>
    public int Advances => _advances;

    /// <summary>How long a submission takes.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Whether the storage is away.</summary>
    public bool IsBroken { get; set; }

    public override async Task<RunAnswer?> StartAsync(RunRequest request, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(IsBroken, this);
        if (flows.PlanOf(request.FlowId) is not { } plan)
            return null;
        var run = FlowRun.Start(plan, new RunStart { Client = request.Client, Device = request.Device }, RunServices.Default with { Time = Time });
        var entry = new Entry(run, request.BrowserKey);
        _runs[run.Id] = entry;
        await FlowExecutor.AdvanceAsync(run, cancellationToken);
        return request.InteractionId is { } interaction && run.Status == RunStatus.Waiting
            ? await SubmitAsync(run.Id, entry.StepId, interaction, request.Input, request.BrowserKey, cancellationToken)
            : Answer(entry, run.Failure);
    }

    public override Task<RunAnswer?> CancelAsync(string executionId, CancellationToken cancellationToken)
    {
        if (!_runs.TryGetValue(executionId, out var entry))
            return Task.FromResult<RunAnswer?>(null);
        FlowExecutor.Cancel(entry.Run);
        return Task.FromResult<RunAnswer?>(Answer(entry, entry.Run.Failure));
    }

    public override async Task<RunAnswer?> SubmitAsync(string executionId, string stepId, string interactionId, FlowValue input, string? browserKey, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(IsBroken, this);
        if (Find(executionId, browserKey) is not { } entry)
            return null;
        await entry.Turn.WaitAsync(cancellationToken);
        try
        {
            if (stepId != entry.StepId || entry.Run.Status != RunStatus.Waiting)
                return entry.Answered.GetValueOrDefault((stepId, interactionId)) ?? Answer(entry, entry.Run.Failure);
            await Task.Delay(Delay, cancellationToken);
            var refusal = await FlowExecutor.SubmitAsync(entry.Run, new ScreenSubmission(interactionId, input), cancellationToken);
            if (refusal is not null)
                return Answer(entry, refusal);
            Interlocked.Increment(ref _advances);
            entry.Steps++;
            return entry.Answered[(stepId, interactionId)] = Answer(entry, entry.Run.Failure);
        }
        finally
        {
            entry.Turn.Release();
        }
    }

    public override Task ResumeAsync(string executionId, CancellationToken cancellationToken) => Task.CompletedTask;

    public override async Task<RunAnswer?> FindAsync(string executionId, string? browserKey, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(IsBroken, this);
        if (Find(executionId, browserKey) is not { } entry)
            return null;
        await entry.Turn.WaitAsync(cancellationToken);
        try
        {
            return Answer(entry, entry.Run.Failure) with { Tokens = null };
        }
        finally
        {
            entry.Turn.Release();
        }
    }

    private Entry? Find(string executionId, string? browserKey) =>
        _runs.TryGetValue(executionId, out var entry) && (entry.BrowserKey is null || entry.BrowserKey == browserKey) ? entry : null;

    private RunAnswer Answer(Entry entry, FlowError? error)
    {
        var run = entry.Run;
        var isWaiting = run.Status == RunStatus.Waiting;
        return new RunAnswer
        {
            ExecutionId = run.Id,
            FlowId = run.Plan.FlowId,
            StepId = isWaiting ? entry.StepId : "",
            StepName = run.ActivityId,
            Status = run.Status.ToString().ToLowerInvariant(),
            Screen = isWaiting ? ScreenView.Of(run, ValueEncoder.None) : FlowValue.Missing,
            Error = error,
            Tokens = run.Status == RunStatus.Completed && !run.Context.User.Get("userId").IsNothing ? new IssuedTokens("session-of-" + run.Id, "refresh", Time.GetUtcNow()) : null,
            User = run.Context.User,
            Claims = run.Context.Claims,
            Output = run.Outputs,
        };
    }

    private sealed class Entry(FlowRun run, string? browserKey)
    {
        public FlowRun Run { get; } = run;

        public string? BrowserKey { get; } = browserKey;

        public int Steps { get; set; }

        public string StepId => Steps.ToString(CultureInfo.InvariantCulture);

        public SemaphoreSlim Turn { get; } = new(1);

        public Dictionary<(string, string), RunAnswer> Answered { get; } = [];
    }
}
