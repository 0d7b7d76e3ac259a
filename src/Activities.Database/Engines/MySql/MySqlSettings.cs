using System.Runtime.CompilerServices;
using FlowEngine.Database.Queries;

namespace FlowEngine.Database.Engines.MySql;

/// <summary>Bound once, then read only: the settings of the engine <c>mysql</c>: MySQL or MariaDB.</summary>
[SqlEngine("mysql", "MySQL / MariaDB")]
public sealed class MySqlSettings : ServerSettings
{
    internal static SqlDialect Sql { get; } =
        new()
        {
            BackslashEscapes = true,
            Backticks = true,
            HashComments = true,
            NumbersConvertText = true,
            // "execute immediate" takes several statements out of a text, and files are written outside any transaction. Writing
            // statements are refused by the server, each under its own name.
            Reading = new(
                "select with values table show describe desc explain call insert update delete replace truncate",
                "outfile dumpfile"
            ),
            // All else commits before or after itself: what defines tables, locks, grants and sets.
            Transacting = new(
                "select with values table insert update delete replace call do show describe desc explain",
                "outfile dumpfile"
            ),
        };

    internal override SqlDialect Dialect => Sql;

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal override SqlEngine Create(SqlEngineContext context) => new MySqlEngine(this, context);
}
