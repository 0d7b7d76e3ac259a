using System.Runtime.CompilerServices;
using FlowEngine.Database.Queries;

namespace FlowEngine.Database.Engines.SqlServer;

/// <summary>Bound once, then read only: the settings of the engine <c>sqlserver</c>: Microsoft SQL Server.</summary>
[SqlEngine("sqlserver", "SQL Server")]
public sealed class SqlServerSettings : ServerSettings
{
    internal static SqlDialect Sql { get; } =
        new()
        {
            Brackets = true,
            NestedComments = true,
            NumbersConvertText = true,
            // Statements need no semicolon between them, so that none but reading words may stand anywhere.
            Reading = new(
                "select with exec execute insert update delete merge",
                "alter backup begin bulk commit create dbcc declare deny disable drop enable go goto grant if into kill print raiserror "
                    + "reconfigure restore revert revoke rollback save set setuser shutdown throw "
                    + "tran transaction truncate use waitfor while writetext updatetext"
            ),
            Transacting = new(
                "select with exec execute insert update delete merge truncate",
                "alter backup begin bulk commit create dbcc declare deny disable drop enable go goto grant if kill print raiserror "
                    + "reconfigure restore revert revoke rollback save setuser shutdown throw "
                    + "tran transaction use waitfor while writetext updatetext"
            ),
        };

    internal override SqlDialect Dialect => Sql;

    internal override bool TakesSockets => false;

    internal override bool TakesInstances => true;

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal override SqlEngine Create(SqlEngineContext context) => new SqlServerEngine(this, context);
}
