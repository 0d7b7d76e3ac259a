using System.Text;

namespace FlowEngine.AspNetCore.Runs;

/// <summary>Shared and immutable: a submission that advanced a run, and its
/// answer, so that a second one of the same kind gets it too.</summary>
/// <param name="StepId">The step that was submitted.</param>
/// <param name="InteractionId">The button or link.</param>
/// <param name="Answer">The answer; null while the run is on its way.</param>
internal sealed record LastSubmission(string StepId, string InteractionId, RunAnswer? Answer);

/// <summary>Shared and immutable: what is stored of a run beyond its columns, and
/// encrypted: its state, the locale, where it leads, and the last submission.</summary>
/// <param name="State">What <see cref="FlowEngine.Execution.RunState"/> wrote.</param>
/// <param name="Locale">The locale it was started with, or null.</param>
/// <param name="Return">Where the login leads, or null.</param>
/// <param name="Last">The last submission that advanced it, or null.</param>
/// <param name="TraceBytes">How many bytes of its trace are stored; 0 in what an earlier release wrote.</param>
/// <param name="KeptUntil">Until when its answer is kept once it has ended, or null.</param>
internal sealed record RunProgress(
    byte[] State,
    string? Locale,
    LoginReturn? Return,
    LastSubmission? Last,
    int TraceBytes = 0,
    DateTimeOffset? KeptUntil = null
)
{
    /// <summary>The format of a run that leads nowhere: that of the release before,
    /// whose nodes can go on with it while a cluster is upgraded.</summary>
    private const byte Format = 1;

    private const byte FormatWithReturn = 2;

    /// <summary>The bytes to store.</summary>
    public byte[] ToBytes()
    {
        var answer = Last is null ? [] : RunWire.Write(Last.Answer);
        using var buffer = new MemoryStream(State.Length + answer.Length + 256);
        using var writer = new BinaryWriter(buffer, Encoding.UTF8);
        writer.Write(Return is null ? Format : FormatWithReturn);
        writer.Write(Locale ?? "");
        if (Return is not null)
        {
            writer.Write(Return.RedirectUri);
            writer.Write(Return.State ?? "");
            writer.Write(Return.CodeChallenge ?? "");
        }
        writer.Write(Last is not null);
        if (Last is not null)
        {
            writer.Write(Last.StepId);
            writer.Write(Last.InteractionId);
            Write(writer, answer);
        }
        Write(writer, State);
        if (TraceBytes > 0 || KeptUntil is not null)
            writer.Write(TraceBytes);
        if (KeptUntil is { } until)
            writer.Write(until.ToUnixTimeMilliseconds());
        writer.Flush();
        return buffer.ToArray();
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It was written by another release.</exception>
    public static RunProgress FromBytes(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        var format = reader.ReadByte();
        if (format is not (Format or FormatWithReturn))
            throw new InvalidDataException("The stored run is not of a format that this release knows.");
        var locale = reader.ReadString();
        var leadsTo = format == FormatWithReturn ? new LoginReturn(reader.ReadString(), TextOf(reader), TextOf(reader)) : null;
        var last = reader.ReadBoolean()
            ? new LastSubmission(reader.ReadString(), reader.ReadString(), RunWire.ReadAnswer(Read(reader)))
            : null;
        var state = Read(reader);
        // Earlier releases write nothing behind the state, and do not look there.
        var traceBytes = HasMore(reader) ? reader.ReadInt32() : 0;
        DateTimeOffset? keptUntil = HasMore(reader) ? DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64()) : null;
        return new RunProgress(state, locale.Length > 0 ? locale : null, leadsTo, last, traceBytes, keptUntil);
    }

    private static bool HasMore(BinaryReader reader) => reader.BaseStream.Position < reader.BaseStream.Length;

    private static string? TextOf(BinaryReader reader) => reader.ReadString() is { Length: > 0 } text ? text : null;

    private static void Write(BinaryWriter writer, byte[] bytes)
    {
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    private static byte[] Read(BinaryReader reader) => reader.ReadBytes(reader.ReadInt32());
}
