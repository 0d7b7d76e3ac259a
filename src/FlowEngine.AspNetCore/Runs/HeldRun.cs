using FlowEngine.AspNetCore.Flows;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Runs;

/// <summary>Per run and single-threaded: a run in memory, as it was last stored.</summary>
internal sealed class HeldRun
{
    /// <summary>The run; null when it expired and its state was removed, or when it is <see cref="Unusable"/>.</summary>
    public FlowRun? Run { get; init; }

    /// <summary>The run as it is stored, when the version of its flow does not compile any more; null when it does.</summary>
    public StoredRun? Unusable { get; init; }

    /// <summary>The <see cref="FlowCatalogue.Generation"/> that its plan is of.</summary>
    public required long Generation { get; init; }

    /// <summary>The flow.</summary>
    public required string FlowId { get; init; }

    /// <summary>The hash of the browser's secret, or null.</summary>
    public string? BrowserKeyHash { get; init; }

    /// <summary>Where the login leads, as it was begun; null for nowhere.</summary>
    public LoginReturn? Return { get; init; }

    /// <summary>Until when its answer is kept once it has ended; null for as long as any run's.</summary>
    public DateTimeOffset? KeptUntil { get; init; }

    /// <summary>The locale it was started with, or null.</summary>
    public string? Locale { get; init; }

    /// <summary>The stamp of the last save; null before the first.</summary>
    public long? Stamp { get; set; }

    /// <summary>The step that waits; "" for none.</summary>
    public string StepToken { get; set; } = "";

    /// <summary>The last submission that advanced it, or null.</summary>
    public LastSubmission? Last { get; set; }

    /// <summary>The inputs it was started with, until its trace has them; missing afterwards.</summary>
    public FlowValue Client { get; set; }

    /// <summary>Since when it is worked on, and not stored; null when it is not.</summary>
    public long? WorkedSince { get; set; }

    /// <summary>What it is found by, as stored from here; null for not yet.</summary>
    public string? StoredReference { get; set; }

    /// <summary>How many bytes of the trace are stored.</summary>
    public int StoredTraceBytes { get; set; }

    /// <summary>How many steps of the trace are stored.</summary>
    public int StoredSteps { get; set; }
}
