using FlowEngine.Errors;
using FlowEngine.Model;

namespace FlowEngine.Server.Hosting;

/// <summary>Per command, single-threaded: the lines of the places that diagnostics name, each file read once.</summary>
internal sealed class DiagnosticLines
{
    private readonly Dictionary<string, IReadOnlyDictionary<string, TextPosition>> _files = new(StringComparer.Ordinal);

    /// <summary>Looks the places up.</summary>
    public DiagnosticLines(IEnumerable<Diagnostic> diagnostics)
    {
        foreach (var file in diagnostics.Where(item => item.File is not null).GroupBy(item => item.File!, StringComparer.Ordinal))
        {
            try
            {
                if (File.Exists(file.Key))
                    _files[file.Key] = JsonPointerLocator.Locate(File.ReadAllBytes(file.Key), file.Select(item => item.Pointer));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // A place without a line is still named by its pointer.
            }
        }
    }

    /// <summary>The line, counted from 1, or null when the file cannot be read.</summary>
    public int? Of(Diagnostic diagnostic) =>
        diagnostic.File is not null
        && _files.TryGetValue(diagnostic.File, out var places)
        && places.TryGetValue(diagnostic.Pointer, out var position)
            ? position.Line
            : null;
}
