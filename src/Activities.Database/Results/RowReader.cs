using System.Data.Common;
using FlowEngine.Context;
using FlowEngine.Database.Queries;

namespace FlowEngine.Database.Results;

/// <summary>Reads one column of the current row, which is not NULL.</summary>
internal delegate FlowValue ColumnReader(DbDataReader reader, int ordinal);

/// <summary>Per query and single-threaded: turns the rows of a result into values that share one <see cref="FlowShape"/>.</summary>
/// <remarks>A second column of one name becomes <c>name_2</c>, a third
/// <c>name_3</c>; a column without a name <c>column1</c> by its place.</remarks>
/// <param name="query">The query.</param>
/// <param name="echo">The secrets among its parameters; null for none.</param>
/// <param name="room">How many characters the values may have together.</param>
internal sealed class RowReader(SqlQuery query, SensitiveEcho? echo, long room)
{
    /// <summary>How many rows beyond the limit are skipped before the query
    /// is cancelled: a cancellation costs a connection of its own.</summary>
    private const int SkipLimit = 1000;

    private readonly List<FlowValue> _rows = [];

    /// <summary>The rows read.</summary>
    public FlowArray Rows => FlowArray.From(_rows);

    /// <summary>Whether there were more rows than were read.</summary>
    public bool Truncated { get; private set; }

    /// <summary>How many characters are left.</summary>
    public long Room { get; private set; } = room;

    /// <summary>Reads at most <paramref name="maxRows"/> rows of the reader's current result.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="columns">How to read each column.</param>
    /// <param name="maxRows">The limit.</param>
    /// <param name="toTheEnd">Whether the rows beyond the limit must be read, because the statement writes while it is read.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Whether the result was read to its end.</returns>
    /// <exception cref="DatabaseRefusal">The result is larger than <see cref="QueryLimits.MaxCharacters"/>.</exception>
    public async Task<bool> ReadAsync(
        DbDataReader reader,
        ColumnReader[] columns,
        int maxRows,
        bool toTheEnd,
        CancellationToken cancellationToken
    )
    {
        var shape = query.ShapeOf(NamesOf(reader));
        var values = new FlowValue[columns.Length];
        while (_rows.Count < maxRows)
        {
            if (!await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                return true;
            for (var i = 0; i < values.Length; i++)
            {
                var value = reader.IsDBNull(i) ? FlowValue.Null : columns[i](reader, i);
                values[i] = echo is null ? value : echo.Mark(value);
                if ((Room -= SizeOf(value)) < 0)
                    throw new DatabaseRefusal(DatabaseErrors.TooLarge, $"The rows have more than {QueryLimits.MaxCharacters} characters.");
            }
            _rows.Add(FlowValue.From(shape.With(values)));
        }

        for (var skipped = 0; toTheEnd || skipped < SkipLimit; skipped++)
        {
            if (!await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                return true;
            Truncated = true;
        }
        return false;
    }

    private static long SizeOf(FlowValue value)
    {
        if (value.TryGetText(out var text))
            return text.Length;
        var size = 8L;
        if (value.TryGetArray(out var array))
        {
            foreach (ref readonly var item in array.AsSpan())
                size += SizeOf(item);
        }
        else if (value.TryGetObject(out var obj))
        {
            foreach (var (name, member) in obj)
                size += name.Length + SizeOf(member);
        }
        return size;
    }

    private static string[] NamesOf(DbDataReader reader)
    {
        var names = new string[reader.FieldCount];
        var taken = new HashSet<string>(names.Length, StringComparer.Ordinal);
        for (var i = 0; i < names.Length; i++)
        {
            var name = reader.GetName(i);
            if (name.Length == 0)
                name = $"column{i + 1}";
            names[i] = name;
            for (var number = 2; !taken.Add(names[i]); number++)
                names[i] = $"{name}_{number}";
        }
        return names;
    }
}
