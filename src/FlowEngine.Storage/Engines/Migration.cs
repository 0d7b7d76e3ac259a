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
    private const string Root = "Migrations/";

    /// <summary>Migrates PostgreSQL.</summary>
    public static UpgradeEngineBuilder ToPostgres(string connectionString) => DeployChanges.To.PostgresqlDatabase(connectionString);

    /// <summary>Migrates SQLite.</summary>
    public static UpgradeEngineBuilder ToSqlite(string connectionString) => DeployChanges.To.SqliteDatabase(connectionString);

    /// <summary>The scripts of an engine: its own, and those that both have. Databases remember them by these names, so the names never
    /// change, wherever the files stand.</summary>
    /// <param name="dialect">The engine, <c>Postgres</c> or <c>Sqlite</c>.</param>
    public static IEnumerable<SqlScript> Scripts(string dialect)
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Root, StringComparison.Ordinal)))
        {
            // In no folder: of both.
            var path = resource[Root.Length..].Split('/');
            if (path.Length > 1 && path[0] != dialect)
                continue;
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            var text = reader.ReadToEnd();
            yield return new SqlScript($"Storage/{Root}{dialect}/{path[^1]}", path.Length > 1 ? text : InWordsOf(dialect, text));
        }
    }

    /// <summary>A script of both engines. It is written in SQLite's words.</summary>
    private static string InWordsOf(string dialect, string text) =>
        dialect == "Sqlite"
            ? text
            : text.Replace(" blob ", " bytea ", StringComparison.Ordinal).Replace(") without rowid;", ");", StringComparison.Ordinal);

    /// <summary>Runs the scripts that the database has not seen.</summary>
    /// <param name="target">The database.</param>
    /// <param name="dialect">The engine, as <see cref="Scripts"/> has it.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <exception cref="StorageException">A script failed, or the database belongs to a later release.</exception>
    public static void Run(UpgradeEngineBuilder target, string dialect, string name)
    {
        var engine = target.WithScripts(Scripts(dialect)).WithTransactionPerScript().WithVariablesDisabled().LogToNowhere().Build();

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
