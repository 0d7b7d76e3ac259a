using System.Runtime.CompilerServices;
using FlowEngine.Connectors;
using FlowEngine.Database.Connectors;

namespace FlowEngine.Database.Engines;

/// <summary>Makes the engine that a connector names. Stateless.</summary>
/// <remarks>Each engine is made by a method of its own that is never inlined: the
/// runtime loads a driver when it compiles the first method that needs it.</remarks>
internal static class EngineFactory
{
    public static SqlEngine Create(
        SqlConnectorSettings settings,
        ConnectorDefinition definition,
        string password,
        DatabaseModuleOptions options
    ) =>
        settings.Engine switch
        {
            DatabaseEngine.Sqlite => Sqlite(settings, definition, options),
            DatabaseEngine.Mysql => MySql(settings, definition, password, options),
            DatabaseEngine.Sqlserver => SqlServer(settings, definition, password, options),
            _ => Postgres(settings, definition, password, options),
        };

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static PostgresEngine Postgres(
        SqlConnectorSettings settings,
        ConnectorDefinition definition,
        string password,
        DatabaseModuleOptions options
    ) => new(settings, definition, password, options);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static SqliteEngine Sqlite(SqlConnectorSettings settings, ConnectorDefinition definition, DatabaseModuleOptions options) =>
        new(settings.FullPath(definition), definition.Origin, options);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static MySqlEngine MySql(
        SqlConnectorSettings settings,
        ConnectorDefinition definition,
        string password,
        DatabaseModuleOptions options
    ) => new(settings, definition, password, options);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static SqlServerEngine SqlServer(
        SqlConnectorSettings settings,
        ConnectorDefinition definition,
        string password,
        DatabaseModuleOptions options
    ) => new(settings, definition, password, options);
}
