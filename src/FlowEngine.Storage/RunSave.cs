using System.Security.Cryptography;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Storage.Protection;

namespace FlowEngine.Storage;

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

    public long ShortRef { get; } = RunReference.NumberOf(run.Id);

    public byte[]? ReferenceKey { get; } = run.Reference is null ? null : seals.KeyOf(run.Reference);

    public byte[]? SealedReference { get; } = run.Reference is null ? null : seals.SealReference(run.Reference);

    public byte[]? EmailKey { get; } = run.Email is null ? null : seals.KeyOf(run.Email);

    public byte[]? LoginKey { get; } = run.LoginId is null ? null : seals.KeyOf(run.LoginId);

    public string? Screen => run.Screen;

    public string? Errors => run.Errors;

    public long Worked => run.Worked;

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

    /// <summary>The calls that are stored with it, each as the parameters of its statement; few saves have any.</summary>
    public IReadOnlyList<CallSave> Calls { get; } =
        extras.Calls.Count == 0
            ? []
            :
            [
                .. extras.Calls.Select(call => new CallSave(
                    call.Id,
                    call.Connector,
                    call.Activity,
                    seals.SealCall(call.Content),
                    call.Content.Length,
                    (int)call.Timeout.TotalMilliseconds
                )),
            ];

    public string? CancelledBy => extras.CancelledBy;

    public string? CancelDetail => CancelledBy is null ? null : AuditNote.DetailOf(("flow", FlowValue.From(FlowId)));

    public string? CodeHash => extras.Code?.Hash;

    public byte[]? CodeContent => extras.Code?.SealedContent;

    public long CodeExpires => extras.Code?.ExpiresAt.Milliseconds ?? 0;

    public long LoginExpires => extras.Login?.ExpiresAt.Milliseconds ?? 0;
}

/// <summary>Shared and immutable: a call that is stored with a run.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Connector">The connector.</param>
/// <param name="Activity">The activity.</param>
/// <param name="Content">What to send, sealed.</param>
/// <param name="Size">How many bytes that are in plain.</param>
/// <param name="Timeout">How long a delivery takes at most, in milliseconds.</param>
internal sealed record CallSave(string Id, string Connector, string Activity, byte[] Content, int Size, int Timeout);
