using System.Runtime.CompilerServices;
using FlowEngine.Connectors;
using FlowEngine.Database.Connectors;

namespace FlowEngine.Database.Engines;

/// <summary>Makes the engine that a connector names. Stateless.</summary>
/// <remarks>Each engine is made by a method of its own that is never inlined: the runtime loads a driver when it compiles the first method that needs it.</remarks>
internal static class EngineFactory
{
    public static SqlEngine Create(SqlConnectorSettings settings, ConnectorDefinition definition, string password) => settings.Engine switch
    {
        DatabaseEngine.Sqlite => Sqlite(settings, definition),
        DatabaseEngine.Mysql => MySql(settings, definition, password),
        DatabaseEngine.Sqlserver => SqlServer(settings, definition, password),
        _ => Postgres(settings, definition, password),
    };

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static PostgresEngine Postgres(SqlConnectorSettings settings, ConnectorDefinition definition, string password) => new(settings, definition.Id, password);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static SqliteEngine Sqlite(SqlConnectorSettings settings, ConnectorDefinition definition) => new(settings.FullPath(definition));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static MySqlEngine MySql(SqlConnectorSettings settings, ConnectorDefinition definition, string password) => new(settings, definition.Id, password);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static SqlServerEngine SqlServer(SqlConnectorSettings settings, ConnectorDefinition definition, string password) => new(settings, definition.Id, password);
}
