using System.Runtime.CompilerServices;
using FlowEngine.Connectors;
using FlowEngine.Database.Queries;
using FlowEngine.Errors;
using FlowEngine.Settings;

namespace FlowEngine.Database.Engines.Sqlite;

/// <summary>Bound once, then read only: the settings of the engine <c>sqlite</c>.</summary>
[SqlEngine("sqlite", "SQLite")]
public sealed class SqliteSettings : SqlEngineSettings
{
    internal static SqlDialect Sql { get; } =
        new()
        {
            Backticks = true,
            Brackets = true,
            // SQLite itself tells where the first statement ends, see SqliteEngine.RefuseSeveral.
            Transacting = new("select with values insert update delete replace create alter drop reindex analyze explain pragma")
            {
                IsKnownToBeSingle = true,
            },
        };

    /// <summary>The SQLite file; it must exist.</summary>
    [Setting(
        "The SQLite file, which must exist. A relative path begins at the folder of the connector's file.",
        Required = true,
        Section = "Database"
    )]
    public string File { get; set; } = "";

    internal override SqlDialect Dialect => Sql;

    internal override void Check(ConnectorDefinition definition, DiagnosticBag problems, DatabaseModuleOptions options)
    {
        var at = definition.Location.At("configuration").At("file");
        if (File == ":memory:" || File.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
            problems.Error(
                FlowErrors.ConnectorSetting,
                at,
                $"'{File}' is not a file's path.",
                "Name a file; a database in memory would be empty for every query."
            );
        if (
            File.Length > 0
            && (
                File.Contains('\0', StringComparison.Ordinal)
                || options.SqliteFiles.Resolve(FullPath(definition), definition.Origin) is null
            )
        )
        {
            problems.Error(
                DatabaseErrors.File,
                at,
                definition.Origin == ConnectorOrigin.Operator
                    ? $"'{File}' is in the server's data folder, which no connector reaches."
                    : $"'{File}' is in none of the folders that the operator has set for SQLite files."
            );
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal override SqlEngine Create(SqlEngineContext context) =>
        new SqliteEngine(FullPath(context.Definition), context.Definition.Origin, context.Options);

    private string FullPath(ConnectorDefinition definition) => Path.GetFullPath(File, definition.Folder ?? Environment.CurrentDirectory);
}
