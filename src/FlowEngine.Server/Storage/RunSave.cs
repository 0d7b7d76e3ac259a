using System.Security.Cryptography;
using FlowEngine.Server.Storage.Protection;

namespace FlowEngine.Server.Storage;

/// <summary>Shared and immutable: one save of a run, as the parameters of its statements, typed even where a value is null.</summary>
/// <param name="run">The run.</param>
/// <param name="extras">What is stored with it.</param>
/// <param name="before">The stamp of the save before; null for a new run.</param>
/// <param name="seals">Encrypts state, trace and person.</param>
/// <param name="now">The time.</param>
internal sealed class RunSave(RunRecord run, RunExtras extras, long? before, RunSeals seals, DateTimeOffset now)
{
    public bool IsNew => before is null;

    public string Id => run.Id;

    public string FlowId => run.FlowId;

    public int FlowVersion => run.FlowVersion;

    public int Status => (int)run.Status;

    /// <summary>1 when nobody has submitted anything yet, else 0.</summary>
    public int Untouched => run.IsUntouched ? 1 : 0;

    public string StepToken => run.StepToken;

    public byte[]? State { get; } = run.State is null ? null : seals.SealState(run.State);

    public long Stamp => before ?? 0;

    public long Next { get; } = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8));

    public string? BrowserKeyHash => run.BrowserKeyHash;

    public string? Person { get; } = run.Person is null ? null : seals.HashOf(run.Person);

    public byte[]? SealedPerson { get; } = run.Person is null ? null : seals.SealPerson(run.Person);

    public string? ErrorCode => run.ErrorCode;

    public long CreatedAt => run.CreatedAt.Milliseconds;

    public long ExpiresAt => run.ExpiresAt.Milliseconds;

    public long Now { get; } = now.ToUnixTimeMilliseconds();

    public byte[]? TraceSteps { get; } = extras.TraceSteps is null ? null : seals.SealTrace(extras.TraceSteps);

    public string? LoginId => extras.Login?.Id;

    public string? LoginSubject => extras.Login?.Subject;

    public byte[]? LoginContent => extras.Login?.SealedContent;

    public string? LoginHash => extras.Login?.CurrentHash;

    public long LoginAt => extras.Login?.CreatedAt.Milliseconds ?? 0;

    /// <summary>About how many bytes it is.</summary>
    public int Weight => (State?.Length ?? 0) + (TraceSteps?.Length ?? 0);

    public string? CodeHash => extras.Code?.Hash;

    public byte[]? CodeContent => extras.Code?.SealedContent;

    public long CodeExpires => extras.Code?.ExpiresAt.Milliseconds ?? 0;

    public long LoginExpires => extras.Login?.ExpiresAt.Milliseconds ?? 0;
}
