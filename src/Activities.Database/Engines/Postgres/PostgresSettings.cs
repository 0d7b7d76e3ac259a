using System.Runtime.CompilerServices;
using FlowEngine.Database.Queries;

namespace FlowEngine.Database.Engines.Postgres;

/// <summary>Bound once, then read only: the settings of the engine <c>postgres</c>.</summary>
[SqlEngine("postgres", "PostgreSQL")]
public sealed class PostgresSettings : ServerSettings
{
    internal static SqlDialect Sql { get; } =
        new()
        {
            LowersNames = true,
            EscapeStrings = true,
            NestedComments = true,
            Positional = true,
            OnlyOneStatement = "PostgreSQL binds parameters to one statement, but this query goes on after a semicolon.",
            TransactionTravelsAlong = true,
            CallsOthers = (text, tokens) => PostgresFunctions.CallsOthers(text, tokens),
            // Tables are defined in transactions like all else; the server takes one statement and no more.
            Transacting = new(
                "select with values table insert update delete merge call do lock notify set show explain analyze truncate "
                    + "create alter drop comment grant revoke refresh"
            )
            {
                IsKnownToBeSingle = true,
            },
        };

    internal override SqlDialect Dialect => Sql;

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal override SqlEngine Create(SqlEngineContext context) => new PostgresEngine(this, context);
}
