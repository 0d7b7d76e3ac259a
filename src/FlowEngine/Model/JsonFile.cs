using System.Text.Json;
using System.Text.Unicode;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Json;

namespace FlowEngine.Model;

/// <summary>
/// Stateless: reads JSON files that people write: flows, connectors, cases. Stricter than JSON asks for, because a person who writes a
/// member twice has made a mistake, and says of each problem where it is.
/// </summary>
public static class JsonFile
{
    /// <summary>How large a file may be: 16 MiB.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>So much of a file is looked at to tell a picture or an archive from a text.</summary>
    private const int TextProbe = 4096;

    /// <summary>How many repeated names are reported before the file is given up.</summary>
    private const int MaxDuplicates = 100;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problems">Where problems go: an unreadable file, broken JSON, a name that occurs twice in one object.</param>
    /// <returns>The content, or missing when it cannot be used.</returns>
    public static FlowValue Read(string path, DiagnosticBag problems)
    {
        var root = SourceLocation.Root(path);
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.CanSeek && file.Length > MaxBytes)
            {
                problems.Error(FlowErrors.TooLarge, root, $"{path} has {file.Length} bytes; {MaxBytes} are allowed.");
                return FlowValue.Missing;
            }

            // A device or pipe has no length, and a file may grow meanwhile: never read more than is allowed.
            var content = new MemoryStream();
            var buffer = new byte[81920];
            int count;
            while (content.Length <= MaxBytes && (count = file.Read(buffer)) > 0)
                content.Write(buffer, 0, count);
            return Parse(content.GetBuffer().AsSpan(0, (int)content.Length), path, problems);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            problems.Error(FlowErrors.File, root, $"There is no file {path}.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problems.Error(FlowErrors.File, root, $"{path} cannot be read: {error.Message}");
        }
        return FlowValue.Missing;
    }

    /// <summary>Reads the bytes of a file.</summary>
    /// <param name="utf8">The content.</param>
    /// <param name="file">The file's name for the diagnostics, or null.</param>
    /// <param name="problems">Where problems go.</param>
    /// <returns>The content, or missing when it cannot be used. With names that occur twice, which is an error, the last of each.</returns>
    public static FlowValue Parse(ReadOnlySpan<byte> utf8, string? file, DiagnosticBag problems)
    {
        var root = SourceLocation.Root(file);
        if (utf8.Length > MaxBytes)
        {
            problems.Error(FlowErrors.TooLarge, root, $"The file has more than {MaxBytes} bytes.");
            return FlowValue.Missing;
        }
        if (utf8 is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            problems.Error(FlowErrors.Json, root, "The file is UTF-16.", "Save it as UTF-8.");
            return FlowValue.Missing;
        }
        if (utf8.TrimStart("\uFEFF \t\r\n"u8).IsEmpty)
        {
            problems.Error(FlowErrors.Json, root, "The file is empty.", "Write a JSON object.");
            return FlowValue.Missing;
        }
        if (utf8[..Math.Min(utf8.Length, TextProbe)].Contains((byte)0))
        {
            problems.Error(FlowErrors.Json, root, "The file is no text: it holds bytes that no text has.", "Choose a JSON file.");
            return FlowValue.Missing;
        }
        return IsSound(utf8, file, problems) ? JsonReading.Parse(utf8) : FlowValue.Missing;
    }

    /// <summary>Whether the file can be read. Repeated names are reported, but do not
    /// stop the reading, so that the file's other problems are found too.</summary>
    private static bool IsSound(ReadOnlySpan<byte> utf8, string? file, DiagnosticBag problems)
    {
        // Bytes that are not UTF-8 end the walk, which then says where they stand.
        var isUtf8 = Utf8.IsValid(utf8);
        var sound = isUtf8 ? utf8 : utf8[..FirstInvalid(utf8)];
        var position = PositionOf(utf8, sound.Length);
        var walk = new JsonWalk(sound);
        var names = new List<HashSet<string>>();
        var duplicates = 0;
        try
        {
            while (walk.Read())
            {
                if (walk.Token == JsonTokenType.StartObject)
                    Clear(names, walk.Depth);
                if (walk.Token != JsonTokenType.PropertyName || names[walk.Depth - 1].Add(walk.Name))
                    continue;

                problems.Error(
                    FlowErrors.DuplicateKey,
                    walk.Location(file),
                    $"The object already has a member '{Shorten(walk.Name)}' ({PositionOf(utf8, walk.TokenStart)})."
                );
                if (++duplicates == MaxDuplicates)
                    return false;
            }
        }
        catch (JsonException error)
        {
            var (at, offset) = walk.Break(file, error);
            if (isUtf8)
                problems.Error(FlowErrors.Json, at, $"The file is not valid JSON at {PositionOf(utf8, offset)}: {Reason(error)}");
            else
                ReportEncoding(at);
            return false;
        }

        if (!isUtf8)
            ReportEncoding(SourceLocation.Root(file));
        return isUtf8;

        void ReportEncoding(SourceLocation at) =>
            problems.Error(FlowErrors.Json, at, $"The file is not valid UTF-8 at {position}.", "Save it as UTF-8.");
    }

    /// <summary>Makes room for the names of an object at this depth. A large set is let
    /// go: clearing it for each of many small objects would take forever.</summary>
    private static void Clear(List<HashSet<string>> names, int depth)
    {
        while (names.Count < depth)
            names.Add(new HashSet<string>(StringComparer.Ordinal));
        if (names[depth - 1].Count > 64)
            names[depth - 1] = new HashSet<string>(StringComparer.Ordinal);
        else
            names[depth - 1].Clear();
    }

    private static int FirstInvalid(ReadOnlySpan<byte> utf8)
    {
        var offset = 0;
        while (
            offset < utf8.Length
            && System.Text.Rune.DecodeFromUtf8(utf8[offset..], out _, out var length) == System.Buffers.OperationStatus.Done
        )
            offset += length;
        return offset;
    }

    private static TextPosition PositionOf(ReadOnlySpan<byte> utf8, int offset)
    {
        var cursor = new TextCursor(utf8);
        return cursor.MoveTo(offset);
    }

    /// <summary>The reader's message without its own position, which counts from zero and in bytes.</summary>
    private static string Reason(JsonException error)
    {
        var end = error.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? error.Message : error.Message[..end];
    }

    private static string Shorten(string name) => name.Length <= 100 ? name : string.Concat(name.AsSpan(0, 100), "…");
}
