using System.Text;

namespace FlowEngine.Server.Runs;

/// <summary>Shared and immutable: a submission that advanced a run, and its answer, so that a second one of the same kind gets it too.</summary>
/// <param name="StepId">The step that was submitted.</param>
/// <param name="InteractionId">The button or link.</param>
/// <param name="Answer">The answer; null while the run is on its way.</param>
internal sealed record LastSubmission(string StepId, string InteractionId, RunAnswer? Answer);

/// <summary>Shared and immutable: what is stored of a run beyond its columns, and encrypted: its state, the locale, and the last submission.</summary>
/// <param name="State">What <see cref="FlowEngine.Execution.RunState"/> wrote.</param>
/// <param name="Locale">The locale it was started with, or null.</param>
/// <param name="Last">The last submission that advanced it, or null.</param>
/// <param name="TraceCharacters">How many characters of its trace are stored; 0 in what an earlier release wrote.</param>
internal sealed record RunProgress(byte[] State, string? Locale, LastSubmission? Last, int TraceCharacters = 0)
{
    private const byte Format = 1;

    /// <summary>The bytes to store.</summary>
    public byte[] ToBytes()
    {
        var answer = Last is null ? [] : RunWire.Write(Last.Answer);
        using var buffer = new MemoryStream(State.Length + answer.Length + 256);
        using var writer = new BinaryWriter(buffer, Encoding.UTF8);
        writer.Write(Format);
        writer.Write(Locale ?? "");
        writer.Write(Last is not null);
        if (Last is not null)
        {
            writer.Write(Last.StepId);
            writer.Write(Last.InteractionId);
            Write(writer, answer);
        }
        Write(writer, State);
        // At the end, where earlier releases do not look.
        writer.Write(TraceCharacters);
        writer.Flush();
        return buffer.ToArray();
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It was written by another release.</exception>
    public static RunProgress FromBytes(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        if (reader.ReadByte() != Format)
            throw new InvalidDataException("The stored run is not of a format that this release knows.");
        var locale = reader.ReadString();
        var last = reader.ReadBoolean() ? new LastSubmission(reader.ReadString(), reader.ReadString(), RunWire.ReadAnswer(Read(reader))) : null;
        var state = Read(reader);
        var hasMore = reader.BaseStream.Position < reader.BaseStream.Length;
        return new RunProgress(state, locale.Length > 0 ? locale : null, last, hasMore ? reader.ReadInt32() : 0);
    }

    private static void Write(BinaryWriter writer, byte[] bytes)
    {
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    private static byte[] Read(BinaryReader reader) => reader.ReadBytes(reader.ReadInt32());
}
