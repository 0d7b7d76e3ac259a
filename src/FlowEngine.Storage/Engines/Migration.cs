using System.Reflection;
using DbUp;
using DbUp.Builder;
using DbUp.Engine;
using FlowEngine.Storage.Engines.Sqlite;

namespace FlowEngine.Storage.Engines;

/// <summary>Stateless: brings a database's schema up to date with the scripts inside
/// this program, each in a transaction. The caller holds the start lock.</summary>
internal static class Migration
{
    private const string Root = "Storage/Migrations/";

    /// <summary>Migrates PostgreSQL.</summary>
    public static UpgradeEngineBuilder ToPostgres(string connectionString) => DeployChanges.To.PostgresqlDatabase(connectionString);

    /// <summary>Migrates SQLite.</summary>
    public static UpgradeEngineBuilder ToSqlite(string connectionString) => DeployChanges.To.SqliteDatabase(connectionString);

    /// <summary>Runs the scripts that the database has not seen.</summary>
    /// <param name="target">The database.</param>
    /// <param name="dialect">The folder of its scripts.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <exception cref="StorageException">A script failed, or the database belongs to a later release.</exception>
    public static void Run(UpgradeEngineBuilder target, string dialect, string name)
    {
        var folder = $"{Root}{dialect}/";
        var engine = target
            .WithScriptsEmbeddedInAssembly(Assembly.GetExecutingAssembly(), script => script.StartsWith(folder, StringComparison.Ordinal))
            .WithTransactionPerScript()
            .WithVariablesDisabled()
            .LogToNowhere()
            .Build();

        var known = engine.GetDiscoveredScripts().Select(script => script.Name).ToHashSet(StringComparer.Ordinal);
        if (engine.GetExecutedScripts().FirstOrDefault(script => !known.Contains(script)) is { } later)
            throw new StorageException(
                StorageErrors.Newer,
                $"{name} has seen the migration '{Path.GetFileName(later)}', which this release does not know."
            );

        var result = engine.PerformUpgrade();
        if (!result.Successful)
            throw new StorageException(
                StorageErrors.Migration,
                $"{name}, {Path.GetFileName(result.ErrorScript?.Name) ?? "before the first script"}: {result.Error.Message}",
                result.Error
            );
    }
}
