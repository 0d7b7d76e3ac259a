using System.Reflection;
using FlowEngine.Database.Engines.MySql;
using FlowEngine.Database.Engines.Postgres;
using FlowEngine.Database.Engines.Sqlite;
using FlowEngine.Database.Engines.SqlServer;
using FlowEngine.Database.Queries;
using FlowEngine.Settings;

namespace FlowEngine.Database.Engines;

/// <summary>Shared and immutable: an engine that connectors can choose.</summary>
internal sealed class SqlEngineKind
{
    private SqlEngineKind(Type settings, SqlDialect dialect)
    {
        var names = settings.GetCustomAttribute<SqlEngineAttribute>()!;
        Variant = new SettingVariant(names.Name, names.Label, $"A database of {names.Label}.", settings) { IsFlat = true };
        Dialect = dialect;
    }

    /// <summary>The engines there are, in the order in which a form shows them.</summary>
    public static IReadOnlyList<SqlEngineKind> All { get; } =
    [Of<PostgresSettings>(), Of<SqliteSettings>(), Of<MySqlSettings>(), Of<SqlServerSettings>()];

    /// <summary>Its names and settings.</summary>
    public SettingVariant Variant { get; }

    /// <summary>What its SQL looks like.</summary>
    public SqlDialect Dialect { get; }

    private static SqlEngineKind Of<TSettings>()
        where TSettings : SqlEngineSettings, new() => new(typeof(TSettings), new TSettings().Dialect);
}
