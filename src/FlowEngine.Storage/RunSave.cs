using System.Data;
using System.Globalization;
using System.Security.Cryptography;
using Dapper;
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
    : SqlMapper.IDynamicParameters
{
    public RunRecord Run => run;

    public bool IsNew => before is null;

    public string Id => run.Id;

    /// <summary>1 when nobody has submitted anything yet, else 0.</summary>
    public int Untouched => run.IsUntouched ? 1 : 0;

    public byte[]? State { get; } = run.State is null ? null : seals.SealState(run.State);

    public long Stamp => before ?? 0;

    public long Next { get; } = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8));

    public string? Person { get; } = run.Person is null ? null : seals.HashOf(run.Person);

    public byte[]? SealedPerson { get; } = run.Person is null ? null : seals.SealPerson(run.Person);

    public long ShortReference { get; } = RunReference.NumberOf(run.Id);

    public byte[]? ReferenceKey { get; } = run.Reference is null ? null : seals.KeyOf(run.Reference);

    public byte[]? SealedReference { get; } = run.Reference is null ? null : seals.SealReference(run.Reference);

    public byte[]? EmailKey { get; } = run.Email is null ? null : seals.KeyOf(run.Email);

    public byte[]? LoginKey { get; } = run.LoginId is null ? null : seals.KeyOf(run.LoginId);

    public long Now { get; } = now.ToUnixTimeMilliseconds();

    public byte[]? TraceSteps { get; } = extras.TraceSteps is null ? null : seals.SealTrace(extras.TraceSteps);

    public RefreshFamily? Login => extras.Login;

    public NewCode? Code => extras.Code;

    public string? CancelledBy => extras.CancelledBy;

    public string? CancelDetail => CancelledBy is null ? null : AuditNote.DetailOf(("flow", FlowValue.From(run.FlowId)));

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

    /// <summary>The parameters of <see cref="RunWriter"/>'s statements, those alone that this save has use for.</summary>
    void SqlMapper.IDynamicParameters.AddParameters(IDbCommand command, SqlMapper.Identity identity)
    {
        Add("Id", DbType.String, Id);
        Add("Next", DbType.Int64, Next);
        foreach (var column in IsNew ? RunColumns.All : RunColumns.Changing)
            Add(column.Name, column.Type, column.ValueOf(this));
        if (!IsNew)
        {
            Add("Stamp", DbType.Int64, Stamp);
            Add("Untouched", DbType.Int32, Untouched);
        }
        if (TraceSteps is not null)
            Add("TraceSteps", DbType.Binary, TraceSteps);
        if (Login is { } login)
        {
            Add("LoginId", DbType.String, login.Id);
            Add("LoginSubject", DbType.String, login.Subject);
            Add("LoginContent", DbType.Binary, login.SealedContent);
            Add("LoginHash", DbType.String, login.CurrentHash);
            Add("LoginAt", DbType.Int64, login.CreatedAt.Milliseconds);
            Add("LoginExpires", DbType.Int64, login.ExpiresAt.Milliseconds);
        }
        if (Code is { } code)
        {
            Add("CodeHash", DbType.String, code.Hash);
            Add("CodeContent", DbType.Binary, code.SealedContent);
            Add("CodeExpires", DbType.Int64, code.ExpiresAt.Milliseconds);
        }
        if (CancelledBy is not null)
        {
            Add("CancelledBy", DbType.String, CancelledBy);
            Add("CancelDetail", DbType.String, CancelDetail);
        }
        if (CancelledBy is not null || Calls.Count > 0)
            Add("Now", DbType.Int64, Now);
        for (var i = 0; i < Calls.Count; i++)
        {
            var (call, name) = (Calls[i], string.Create(CultureInfo.InvariantCulture, $"Call{i}"));
            Add($"{name}Id", DbType.String, call.Id);
            Add($"{name}Connector", DbType.String, call.Connector);
            Add($"{name}Activity", DbType.String, call.Activity);
            Add($"{name}Content", DbType.Binary, call.Content);
            Add($"{name}Size", DbType.Int32, call.Size);
            Add($"{name}Timeout", DbType.Int32, call.Timeout);
        }

        void Add(string name, DbType type, object? value)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.DbType, parameter.Value) = (name, type, value ?? DBNull.Value);
            command.Parameters.Add(parameter);
        }
    }
}

/// <summary>Shared and immutable: a call that is stored with a run.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Connector">The connector.</param>
/// <param name="Activity">The activity.</param>
/// <param name="Content">What to send, sealed.</param>
/// <param name="Size">How many bytes that are in plain.</param>
/// <param name="Timeout">How long a delivery takes at most, in milliseconds.</param>
internal sealed record CallSave(string Id, string Connector, string Activity, byte[] Content, int Size, int Timeout);
