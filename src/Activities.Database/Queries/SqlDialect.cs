using FlowEngine.Database.Connectors;

namespace FlowEngine.Database.Queries;

/// <summary>Shared and immutable: what quotes, comments and parameters look like in an engine's SQL.</summary>
internal sealed record SqlDialect
{
    public bool BackslashEscapes { get; private init; }

    /// <summary>PostgreSQL: <c>E'it\'s'</c> and <c>$tag$text$tag$</c>.</summary>
    public bool PostgresStrings { get; private init; }

    public bool Backticks { get; private init; }

    public bool Brackets { get; private init; }

    /// <summary>Whether a name without quotes is the same in lower case, and a result has exactly that name. Elsewhere a result may have
    /// the case of the table.</summary>
    public bool LowersNames { get; private init; }

    public bool NestedComments { get; private init; }

    /// <summary>MySQL: <c>#</c> begins a comment, <c>--</c> only before
    /// white space, and what stands in <c>/*! */</c> is executed.</summary>
    public bool MySqlComments { get; private init; }

    /// <summary>Whether parameters are <c>$1</c>, <c>$2</c> instead of <c>@p0</c>,
    /// <c>@p1</c>. Whoever writes the query by hand may use neither.</summary>
    public bool Positional { get; private init; }

    /// <summary>Whether a query that may write can have several statements. PostgreSQL binds parameters to one statement only.</summary>
    public bool SeveralStatements { get; private init; } = true;

    /// <summary>Whether a read-only query takes its transaction along, so that it costs one round trip.</summary>
    public bool TransactionTravelsAlong { get; private init; }

    /// <summary>Whether a number that is compared with text makes a number of the
    /// text, so that numbers are sent as text wherever that could happen.</summary>
    public bool NumbersConvertText { get; private init; }

    /// <summary>What a read-only query may be, where the server or its driver would
    /// execute more than one statement; null where one is all there can be.</summary>
    public ReadingStatements? Reading { get; private init; }

    public static SqlDialect Postgres { get; } =
        new()
        {
            LowersNames = true,
            PostgresStrings = true,
            NestedComments = true,
            Positional = true,
            SeveralStatements = false,
            TransactionTravelsAlong = true,
        };

    public static SqlDialect Sqlite { get; } = new() { Backticks = true, Brackets = true };

    public static SqlDialect MySql { get; } =
        new()
        {
            BackslashEscapes = true,
            Backticks = true,
            MySqlComments = true,
            NumbersConvertText = true,
            Reading = ReadingStatements.MySql,
        };

    public static SqlDialect SqlServer { get; } =
        new()
        {
            Brackets = true,
            NestedComments = true,
            NumbersConvertText = true,
            Reading = ReadingStatements.SqlServer,
        };

    public static SqlDialect Of(DatabaseEngine engine) =>
        engine switch
        {
            DatabaseEngine.Sqlite => Sqlite,
            DatabaseEngine.Mysql => MySql,
            DatabaseEngine.Sqlserver => SqlServer,
            _ => Postgres,
        };

    /// <summary>The parameter of that index as the engine's SQL writes it.</summary>
    public string Placeholder(int index) => Positional ? $"${index + 1}" : $"@p{index}";
}
