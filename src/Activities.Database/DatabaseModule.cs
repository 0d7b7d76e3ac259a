using FlowEngine.Activities;
using FlowEngine.Connectors;
using FlowEngine.Database.Connectors;

namespace FlowEngine.Database;

/// <summary>Shared and immutable: what this assembly adds to an <see cref="ActivityCatalog"/> and a <see cref="ConnectorSet"/>.</summary>
public static class DatabaseModule
{
    /// <summary>The activity type <c>Database</c>.</summary>
    public static IReadOnlyList<ActivityType> ActivityTypes { get; } =
    [ActivityType.Of<DatabaseActivity, DatabaseSettings>((settings, compilation) => new DatabaseActivity(settings, compilation))];

    /// <summary>The connector type <c>sql</c>.</summary>
    /// <param name="options">The operator's settings, already validated.</param>
    public static IReadOnlyList<ConnectorType> ConnectorTypes(DatabaseModuleOptions options) =>
        [
            ConnectorType.Of<SqlConnector, SqlConnectorSettings>(
                SqlConnector.TypeName,
                (settings, definition, problems) => new SqlConnector(settings, definition, problems, options),
                SqlConnectorSettings.Descriptor
            ) with
            {
                Label = "Database",
                Icon = "database",
                Example = "People",
            },
        ];
}
