using System.Data.Common;
using FlowEngine.Context;
using FlowEngine.Database.Engines;

namespace FlowEngine.Database.Queries;

/// <summary>Per query: its values, which the engine binds to the command. The command is remembered, so that another thread can end
/// it, and disposed of by <see cref="EndAsync"/>.</summary>
internal sealed class QueryParameters(SqlEngine engine, SqlQuery query, FlowValue[] values)
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

    /// <summary>Binds the values to a command.</summary>
    public void Bind(DbCommand command)
    {
        _command = command;
        engine.Bind(command, query, values);
    }

    /// <summary>Disposes of the command.</summary>
    public ValueTask EndAsync() => _command is { } command ? command.DisposeAsync() : ValueTask.CompletedTask;
}
