using System.Security.Cryptography;
using System.Text;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Attempts;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Execution.Lineage;
using FlowEngine.Json;
using FlowEngine.Model;
using FlowEngine.Screens;
using FlowEngine.Templates;
using FlowEngine.Testing;
using FlowEngine.Tracing;
using Microsoft.AspNetCore.DataProtection;

namespace FlowEngine.AspNetCore.Web.Management.Flows;

/// <summary>
/// Per try, single-threaded: runs a definition without storing a run or issuing tokens. Where it waits, all of it is sealed into a text
/// that the caller brings back with the next answers, so that the steps before are not done again.
/// </summary>
internal sealed class FlowTry
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly FlowPlan _plan;
    private readonly FlowRun _run;
    private readonly TakenReplies? _replies;
    private readonly InProcessAttempts _attempts;
    private readonly FlowValue _traceBefore;

    private FlowTry(FlowPlan plan, FlowRun run, TakenReplies? replies, InProcessAttempts attempts, FlowValue traceBefore)
    {
        _attempts = attempts;
        _plan = plan;
        _run = run;
        _replies = replies;
        _traceBefore = traceBefore;
    }

    /// <summary>Begins a try.</summary>
    /// <param name="plan">The definition, compiled.</param>
    /// <param name="client">The inputs.</param>
    /// <param name="replies">Golden-case replies by activity id; missing: connectors are called.</param>
    public static FlowTry Begin(FlowPlan plan, FlowValue client, FlowValue replies)
    {
        var taken = replies.IsNothing ? null : new TakenReplies(replies, []);
        var attempts = new InProcessAttempts();
        return new FlowTry(
            plan,
            FlowRun.Start(plan, new RunStart { Client = client }, Services(taken, attempts)),
            taken,
            attempts,
            FlowValue.Array()
        );
    }

    /// <summary>Goes on with a try.</summary>
    /// <param name="plan">The definition, compiled; the same as before.</param>
    /// <param name="text">What <see cref="Seal"/> gave.</param>
    /// <param name="replies">The same replies as before.</param>
    /// <param name="protector">The key ring.</param>
    /// <returns>The try; null when the text is none of ours, too old, or of another definition.</returns>
    public static FlowTry? Continue(FlowPlan plan, string text, FlowValue replies, ITimeLimitedDataProtector protector)
    {
        try
        {
            var json = JsonReading.Parse(protector.Unprotect(text));
            if (json.Get("definition").ToText() != HashOf(plan))
                return null;
            json.Get("taken").TryGetArray(out var before);
            var taken = replies.IsNothing ? null : new TakenReplies(replies, (before ?? FlowArray.Empty).Select(id => id.ToText()));
            var attempts = new InProcessAttempts(json.Get("attempts"));
            var run = RunState.Load(Convert.FromBase64String(json.Get("state").ToText()), plan, Services(taken, attempts));
            return new FlowTry(plan, run, taken, attempts, json.Get("trace"));
        }
        catch (Exception error)
            when (error is CryptographicException or FormatException or RunStateException or System.Text.Json.JsonException)
        {
            return null;
        }
    }

    /// <summary>Advances the run to where it waits for an answer that is not there, or ends.</summary>
    /// <returns>Why an answer was not taken; null when all were.</returns>
    public async Task<FlowError?> AdvanceAsync(IReadOnlyList<ScreenAnswer> answers, CancellationToken cancellationToken)
    {
        await FlowExecutor.AdvanceAsync(_run, cancellationToken);
        foreach (var answer in answers)
        {
            if (_run.Status != RunStatus.Waiting)
                break;
            if (
                (answer.MismatchWith(_run) ?? await FlowExecutor.SubmitAsync(_run, answer.ToSubmission(), cancellationToken)) is { } refusal
            )
                return refusal;
        }
        return null;
    }

    /// <summary>Where it is, redacted.</summary>
    /// <param name="refusal">Why an answer was not taken, or null.</param>
    /// <param name="secrets">What the connectors hold.</param>
    /// <param name="protector">The key ring, for <c>continue</c>.</param>
    public TryAnswer Describe(FlowError? refusal, IEnumerable<string> secrets, ITimeLimitedDataProtector protector)
    {
        var redactor = _run.RedactorFor(secrets);
        var error = refusal ?? _run.Failure ?? FlowError.FromValue(_run.Context.Error);
        _traceBefore.TryGetArray(out var before);
        TraceWriter.ToValue(_run.Trace ?? [], redactor).TryGetArray(out var steps);
        var trace = FlowValue.Array([.. before ?? FlowArray.Empty, .. steps!]);
        var isWaiting = _run.Status == RunStatus.Waiting;
        return new TryAnswer(
            _run.Status.ToName(),
            _run.Path,
            isWaiting ? redactor.Redact(ScreenView.Of(_run, ValueEncoder.None)) : FlowValue.Missing,
            !isWaiting && _run.ErrorText.Length > 0 ? redactor.Redact(FlowValue.From(_run.ErrorText)) : FlowValue.Missing,
            error is null ? FlowValue.Missing : redactor.Redact(error.ToValue()),
            redactor.Redact(_run.Outputs),
            redactor.Redact(_run.Context.Claims),
            redactor.Redact(_run.Context.User),
            redactor.Redact(_run.Context.Snapshot()),
            TraceLineage.Join(_plan, trace),
            isWaiting ? Seal(trace, protector) : null
        );
    }

    private string Seal(FlowValue trace, ITimeLimitedDataProtector protector) =>
        protector.Protect(
            FlowValue
                .Object(
                    ("definition", FlowValue.From(HashOf(_plan))),
                    ("state", FlowValue.From(Convert.ToBase64String(RunState.Save(_run)))),
                    ("taken", FlowValue.Texts(_replies?.Taken ?? [])),
                    ("attempts", _attempts.ToValue()),
                    ("trace", trace)
                )
                .ToJson(),
            Lifetime
        );

    private static RunServices Services(ScriptedReplies? replies, AttemptCounter attempts) =>
        new()
        {
            Trace = true,
            Replies = replies,
            Attempts = attempts,
        };

    private static string HashOf(FlowPlan plan) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(FlowValue.From(plan.Definition.Json).ToJson())));

    /// <summary>Per try, thread-safe: replies of which it is known which were
    /// taken, so that the next part of the try begins behind them.</summary>
    private sealed class TakenReplies : ScriptedReplies
    {
        private readonly List<string> _taken = [];

        public TakenReplies(FlowValue replies, IEnumerable<string> before)
            : base(replies)
        {
            foreach (var id in before)
                Take(id);
        }

        public IReadOnlyList<string> Taken => _taken;

        public override FlowValue Take(string activityId)
        {
            lock (_taken)
            {
                _taken.Add(activityId);
                return base.Take(activityId);
            }
        }
    }
}
