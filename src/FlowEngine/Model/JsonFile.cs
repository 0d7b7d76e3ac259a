using System.Text.Json;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Json;

namespace FlowEngine.Model;

/// <summary>Reads JSON files that people write: flows, connectors, cases. Stateless.</summary>
public static class JsonFile
{
    /// <summary>How large a file may be: 16 MiB.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problems">Where problems go: an unreadable file, broken JSON, a name that occurs twice in one object.</param>
    /// <returns>The content, or missing when it cannot be used.</returns>
    public static FlowValue Read(string path, DiagnosticBag problems)
    {
        var root = SourceLocation.Root(path);
        try
        {
            var info = new FileInfo(path);
            if (!info.Exists)
            {
                problems.Error(FlowErrors.File, root, $"There is no file {path}.");
                return FlowValue.Missing;
            }
            if (info.Length > MaxBytes)
            {
                problems.Error(FlowErrors.TooLarge, root, $"{path} has {info.Length} bytes; {MaxBytes} are allowed.");
                return FlowValue.Missing;
            }
            return Parse(File.ReadAllBytes(path), path, problems);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problems.Error(FlowErrors.File, root, $"{path} cannot be read: {error.Message}");
            return FlowValue.Missing;
        }
    }

    /// <summary>Reads the bytes of a file.</summary>
    /// <param name="utf8">The content.</param>
    /// <param name="file">The file's name for the diagnostics, or null.</param>
    /// <param name="problems">Where problems go.</param>
    /// <returns>The content, or missing when it cannot be used.</returns>
    public static FlowValue Parse(ReadOnlySpan<byte> utf8, string? file, DiagnosticBag problems)
    {
        try
        {
            return JsonReading.Parse(utf8);
        }
        catch (JsonException error)
        {
            problems.Error(FlowErrors.Json, SourceLocation.Root(file), $"The file is not valid JSON: {error.Message}");
            return FlowValue.Missing;
        }
    }
}
