namespace FlowEngine.Errors;

/// <summary>Shared and immutable: a place in a text file, as editors count it.</summary>
/// <param name="Line">The line; the first is 1.</param>
/// <param name="Column">The character (UTF-16 unit) within the line; the first is 1.</param>
public readonly record struct TextPosition(int Line, int Column)
{
    /// <inheritdoc/>
    public override string ToString() => $"line {Line}, column {Column}";
}
