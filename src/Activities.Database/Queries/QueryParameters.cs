using System.Data;
using System.Data.Common;
using Dapper;
using FlowEngine.Context;
using FlowEngine.Database.Engines;

namespace FlowEngine.Database.Queries;

/// <summary>Per query: the parameters that Dapper hands to the command, bound by the
/// engine. The command is remembered, so that another thread can end it.</summary>
internal sealed class QueryParameters(SqlEngine engine, SqlQuery query, FlowValue[] values) : SqlMapper.IDynamicParameters
{
    private volatile DbCommand? _command;

    public SqlQuery Query => query;

    public FlowValue[] Values => values;

    /// <summary>The command; null before it is made.</summary>
    public DbCommand? Command => _command;

    /// <inheritdoc cref="Command"/>
    public DbCommand? FindCommand() => _command;

    /// <summary>Ends the query where it is no command that runs; blocks while it talks to the server.</summary>
    public Action? Cancelling { get; set; }

    /// <summary>Ends the query; blocks while it talks to the server.</summary>
    public void Cancel()
    {
        if (Cancelling is { } cancel)
            cancel();
        else
            _command?.Cancel();
    }

    /// <inheritdoc/>
    public void AddParameters(IDbCommand command, SqlMapper.Identity identity) => Bind((DbCommand)command);

    /// <summary>Binds the values to a command.</summary>
    public void Bind(DbCommand command)
    {
        _command = command;
        engine.Bind(command, query, values);
    }
}
