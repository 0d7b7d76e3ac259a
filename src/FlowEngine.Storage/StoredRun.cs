using FlowEngine.Execution;

namespace FlowEngine.Storage;

/// <summary>Shared and immutable: what is stored of a run.</summary>
internal record RunRecord : RunFacts
{
    /// <summary>The run's id.</summary>
    public required string Id { get; init; }

    /// <summary>The flow.</summary>
    public required string FlowId { get; init; }

    /// <summary>The version it began with.</summary>
    public required int FlowVersion { get; init; }

    /// <summary>Where it is.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>Whether nobody has submitted anything since it was started. Default false.</summary>
    public bool IsUntouched { get; init; }

    /// <summary>Names the step that waits; "" for none.</summary>
    public string StepToken { get; init; } = "";

    /// <summary>Whatever is needed to go on with the run. It may hold passwords:
    /// the store encrypts it. Null when there is nothing to go on with.</summary>
    public byte[]? State { get; init; }

    /// <summary>The hash of the secret of the browser that began it
    /// (<see cref="SecretHash"/>); null when any holder of the id may go on.</summary>
    public string? BrowserKeyHash { get; init; }

    /// <summary>Whom it is about: the user id. The store encrypts it, and finds it by a keyed hash. Null when unknown.</summary>
    public string? Person { get; init; }

    /// <summary>What its flow says it is found by, at this save; null for nothing new: what
    /// was stored before stays. The store encrypts it, and finds it by a keyed hash.</summary>
    public string? Reference { get; init; }

    /// <summary>The person's email, which the run is found by; null for nothing new.</summary>
    public string? Email { get; init; }

    /// <summary>The person's loginId, which the run is found by; null for nothing new.</summary>
    public string? LoginId { get; init; }

    /// <summary>The screen that it waits for, see <see cref="WaitingScreen"/>; null when it does not wait.</summary>
    public string? Screen { get; init; }

    /// <summary>The errors of its steps, as <see cref="RunErrors.ToValue"/> writes them; null for none.</summary>
    public string? Errors { get; init; }

    /// <summary>How many milliseconds it was worked on since the save before. Default 0.</summary>
    public long Worked { get; init; }

    /// <summary>The code it failed with; null when it did not.</summary>
    public string? ErrorCode { get; init; }
}

/// <summary>Shared and immutable: a run as it was read.</summary>
internal sealed record StoredRun : RunRecord
{
    /// <summary>What the next save has to name: it fails when another save came between.</summary>
    public required long Stamp { get; init; }

    /// <summary>The person as it is stored; null in rows of releases before.</summary>
    public byte[]? SealedPerson { get; init; }
}

/// <summary>Shared and immutable: what is stored together with a run, all or nothing.</summary>
internal sealed record RunExtras
{
    /// <summary>Nothing.</summary>
    public static RunExtras None { get; } = new();

    /// <summary>The redacted trace of the steps since the last save, a JSON array as UTF-8; null for none. The store encrypts it.</summary>
    public byte[]? TraceSteps { get; init; }

    /// <summary>The one-time code that leads to the run's result; null for none. It counts when the run is stored, and only then.</summary>
    public NewCode? Code { get; init; }

    /// <summary>The calls that wait to be delivered once the run is stored; none by default. So none
    /// is lost with the run's server, and none goes out for a run that is not stored.</summary>
    public IReadOnlyList<QueuedCall> Calls { get; init; } = [];

    /// <summary>Who cancelled the run, which the audit log is told; null for nobody.</summary>
    public string? CancelledBy { get; init; }

    /// <summary>The refresh tokens of the login that ends here; null for
    /// none. So no token is ever out whose family is not stored.</summary>
    public RefreshFamily? Login { get; init; }
}

/// <summary>Shared and immutable: a run that stands in the middle of an advance.</summary>
internal sealed record StoppedRun
{
    /// <summary>Its id.</summary>
    public string Id { get; init; } = "";

    /// <summary>Its place in time among runs.</summary>
    public long Number { get; init; }

    /// <summary>When it was last stored.</summary>
    public UnixTime UpdatedAt { get; init; }
}
