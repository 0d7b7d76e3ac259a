namespace FlowEngine.Database.Queries;

/// <summary>Shared and immutable: what quotes, comments and parameters look like in an engine's SQL.</summary>
internal sealed record SqlDialect
{
    public bool BackslashEscapes { get; init; }

    /// <summary>PostgreSQL: <c>E'it\'s'</c> and <c>$tag$text$tag$</c>.</summary>
    public bool EscapeStrings { get; init; }

    public bool Backticks { get; init; }

    public bool Brackets { get; init; }

    /// <summary>Whether a name without quotes is the same in lower case, and a result has exactly that name. Elsewhere a result may have
    /// the case of the table.</summary>
    public bool LowersNames { get; init; }

    public bool NestedComments { get; init; }

    /// <summary>MySQL: <c>#</c> begins a comment, <c>--</c> only before
    /// white space, and what stands in <c>/*! */</c> is executed.</summary>
    public bool HashComments { get; init; }

    /// <summary>Whether parameters are <c>$1</c>, <c>$2</c> instead of <c>@p0</c>,
    /// <c>@p1</c>. Whoever writes the query by hand may use neither.</summary>
    public bool Positional { get; init; }

    /// <summary>Why even a query that may write has one statement only, as a sentence; null (the default) where it may have
    /// several.</summary>
    public string? OnlyOneStatement { get; init; }

    /// <summary>Whether a query, of that text and these tokens, calls functions that may leave something in the session. Default none
    /// does.</summary>
    public Func<string, List<SqlToken>, bool> CallsOthers { get; init; } = (_, _) => false;

    /// <summary>Whether a read-only query takes its transaction along, so that it costs one round trip.</summary>
    public bool TransactionTravelsAlong { get; init; }

    /// <summary>Whether a number that is compared with text makes a number of the
    /// text, so that numbers are sent as text wherever that could happen.</summary>
    public bool NumbersConvertText { get; init; }

    /// <summary>What a read-only query may be, where the server or its driver would
    /// execute more than one statement; null where one is all there can be.</summary>
    public StatementWords? Reading { get; init; }

    /// <summary>What one of the statements of a transaction may be: none that ends it, and none that commits by itself. Default what every
    /// engine has.</summary>
    public StatementWords Transacting { get; init; } = new("select with values insert update delete");

    /// <summary>The parameter of that index as the engine's SQL writes it.</summary>
    public string Placeholder(int index) => Positional ? $"${index + 1}" : $"@p{index}";
}
