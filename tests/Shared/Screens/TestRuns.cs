using System.Collections.Concurrent;
using System.Globalization;
using FlowEngine.AspNetCore.Runs;
using FlowEngine.AspNetCore.Tokens;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Screens;
using FlowEngine.Templates;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.TestServers;

/// <summary>Runs of the real engine in a dictionary: what the server's own service promises, without storage.</summary>
internal sealed class TestRuns : RunService
{
    private readonly ConcurrentDictionary<string, Entry> _runs = new(StringComparer.Ordinal);
    private readonly TestFlows _flows;
    private int _advances;
    private volatile Task _work = Task.CompletedTask;

    public TestRuns(TestFlows flows)
    {
        _flows = flows;
        Codes = new TestCodes(Time);
    }

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UnixEpoch.AddYears(60));

    public TestCodes Codes { get; }

    /// <summary>How often a submission advanced a run.</summary>
    public int Advances => _advances;

    /// <summary>How many runs there are.</summary>
    public int Count => _runs.Count;

    /// <summary>How long a submission takes.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Submissions take until the test says so.</summary>
    public TaskCompletionSource Hold()
    {
        var work = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _work = work.Task;
        return work;
    }

    /// <summary>Whether the storage is away.</summary>
    public bool IsBroken { get; set; }

    public override async Task<RunAnswer?> StartAsync(RunRequest request, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(IsBroken, this);
        if (_flows.PlanOf(request.FlowId) is not { } plan)
            return null;
        var run = FlowRun.Start(
            plan,
            new RunStart { Client = request.Client, Device = request.Device },
            RunServices.Default with
            {
                Time = Time,
            }
        );
        var entry = new Entry(run, request.BrowserKey, request.Return);
        _runs[run.Id] = entry;
        await FlowExecutor.AdvanceAsync(run, cancellationToken);
        return request.InteractionId is { } interaction && run.Status == RunStatus.Waiting
            ? await SubmitAsync(run.Id, entry.StepId, interaction, request.Input, request.BrowserKey, cancellationToken)
            : Answered(entry);
    }

    public override Task<RunAnswer?> CancelAsync(string executionId, string actor, CancellationToken cancellationToken)
    {
        if (!_runs.TryGetValue(executionId, out var entry))
            return Task.FromResult<RunAnswer?>(null);
        FlowExecutor.Cancel(entry.Run);
        return Task.FromResult<RunAnswer?>(Answer(entry, entry.Run.Failure));
    }

    public override async Task<RunAnswer?> SubmitAsync(
        string executionId,
        string stepId,
        string interactionId,
        FlowValue input,
        string? browserKey,
        CancellationToken cancellationToken
    )
    {
        ObjectDisposedException.ThrowIf(IsBroken, this);
        if (Find(executionId, browserKey) is not { } entry)
            return null;
        await entry.Turn.WaitAsync(cancellationToken);
        try
        {
            if (stepId != entry.StepId || entry.Run.Status != RunStatus.Waiting)
                return entry.Answered.GetValueOrDefault((stepId, interactionId)) ?? Answer(entry, entry.Run.Failure);
            await Task.Delay(Delay, cancellationToken); // What a slow flow takes, where a test sets it.
            await _work.WaitAsync(cancellationToken);
            var refusal = await FlowExecutor.SubmitAsync(entry.Run, new ScreenSubmission(interactionId, input), cancellationToken);
            if (refusal is not null)
                return Answer(entry, refusal);
            Interlocked.Increment(ref _advances);
            entry.Steps++;
            return entry.Answered[(stepId, interactionId)] = Answered(entry);
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
        _runs.TryGetValue(executionId, out var entry) && entry.BrowserKey == browserKey ? entry : null;

    /// <summary>The answer that moved the run, with its code when it completed it.</summary>
    private RunAnswer Answered(Entry entry)
    {
        var answer = Answer(entry, entry.Run.Failure);
        return answer is { Status: RunStatus.Completed, Return: not null } ? answer with { Code = Codes.Issue(answer) } : answer;
    }

    private RunAnswer Answer(Entry entry, FlowError? error)
    {
        var run = entry.Run;
        var isWaiting = run.Status == RunStatus.Waiting;
        var filled = new List<FilledText>();
        var screen = isWaiting ? ScreenView.Of(run, ValueEncoder.None, filled) : FlowValue.Missing;
        return new RunAnswer
        {
            ExecutionId = run.Id,
            FlowId = run.Plan.FlowId,
            StepId = isWaiting ? entry.StepId : "",
            StepName = run.ActivityId,
            Status = run.Status,
            Screen = screen,
            Wording = ScreenWording.Of(run.InputProblems, run.ErrorTextSource, filled),
            Error =
                error
                ?? (
                    isWaiting && run.ErrorText.Length > 0 && run.ErrorTextKind == ErrorTextKind.Error
                        ? FlowError.FromValue(run.Context.Error)
                        : null
                ),
            Message = run.Status.HasResult() ? run.ErrorText : "",
            Return = entry.Return,
            Tokens =
                run.Status == RunStatus.Completed && !run.Context.User.Get("userId").IsNothing
                    ? new IssuedTokens("session-of-" + run.Id, "refresh", Time.GetUtcNow())
                    : null,
            User = run.Context.User,
            Claims = run.Context.Claims,
            Output = run.Outputs,
        };
    }

    private sealed class Entry(FlowRun run, string? browserKey, LoginReturn? leadsTo)
    {
        public FlowRun Run { get; } = run;

        public string? BrowserKey { get; } = browserKey;

        public LoginReturn? Return { get; } = leadsTo;

        public int Steps { get; set; }

        public string StepId => Steps.ToString(CultureInfo.InvariantCulture);

        public SemaphoreSlim Turn { get; } = new(1);

        public Dictionary<(string, string), RunAnswer> Answered { get; } = [];
    }
}
