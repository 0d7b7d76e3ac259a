using Acornima;

namespace FlowEngine.Scripting;

/// <summary>Shared and immutable: finds the place in the flow designer's code from a
/// place in the script that ran: a line above it, and texts put into it.</summary>
internal sealed class SourceMap
{
    private readonly List<(int Line, int Column, int Length)> _inserted = [];
    private readonly int _lines;

    /// <summary>Makes a map.</summary>
    /// <param name="code">The designer's code.</param>
    /// <param name="wrapped">The code in its function, whose first line is not the designer's.</param>
    /// <param name="insertions">What was put into the wrapped code, in order.</param>
    public SourceMap(string code, string wrapped, IReadOnlyList<KeyLimit.Insertion> insertions)
    {
        _lines = 1 + code.AsSpan().Count('\n');
        foreach (var insertion in insertions)
        {
            var before = wrapped.AsSpan(0, insertion.Offset);
            _inserted.Add((1 + before.Count('\n'), insertion.Offset - (before.LastIndexOf('\n') + 1), insertion.Text.Length));
        }
    }

    /// <summary>The line and column, both from 1, as " at line 3, column 5"; "" for a place outside the code.</summary>
    public string Describe(Position position)
    {
        if (position.Line < 2 || position.Line > _lines + 1)
            return "";
        var column = position.Column;
        foreach (var (line, at, length) in _inserted)
        {
            if (line == position.Line && column > at)
                column = Math.Max(at, column - length);
        }
        return $" at line {position.Line - 1}, column {column + 1}";
    }
}
