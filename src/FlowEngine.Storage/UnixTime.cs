using System.Data;
using System.Globalization;
using Dapper;

namespace FlowEngine.Storage;

/// <summary>Shared and immutable: a moment as both databases store it: milliseconds since
/// 1970 in a bigint, so that comparing, indexing and reading need no dialect.</summary>
/// <param name="Milliseconds">Milliseconds since 1970-01-01T00:00:00Z.</param>
internal readonly record struct UnixTime(long Milliseconds)
{
    /// <summary>The moment of a <see cref="DateTimeOffset"/>, cut to the millisecond.</summary>
    public static implicit operator UnixTime(DateTimeOffset time) => new(time.ToUnixTimeMilliseconds());

    /// <summary>The moment as a <see cref="DateTimeOffset"/> in UTC.</summary>
    public static implicit operator DateTimeOffset(UnixTime time) => DateTimeOffset.FromUnixTimeMilliseconds(time.Milliseconds);

    /// <summary>The moment as people and clients read it: ISO 8601 in UTC, to the millisecond.</summary>
    public string ToText() => ((DateTimeOffset)this).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override string ToString() => ((DateTimeOffset)this).ToString("O", CultureInfo.InvariantCulture);

    /// <summary>Tells Dapper about the type. It is ours alone, so the database connector's use of Dapper sees nothing of it.</summary>
    public static void Register() => SqlMapper.AddTypeHandler(new Handler());

    private sealed class Handler : SqlMapper.TypeHandler<UnixTime>
    {
        public override UnixTime Parse(object value) => new((long)value);

        public override void SetValue(IDbDataParameter parameter, UnixTime value)
        {
            parameter.DbType = DbType.Int64;
            parameter.Value = value.Milliseconds;
        }
    }
}
