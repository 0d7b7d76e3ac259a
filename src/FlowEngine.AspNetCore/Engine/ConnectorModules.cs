using FlowEngine.Connectors;
using FlowEngine.Database;
using FlowEngine.HttpConnector;

namespace FlowEngine.AspNetCore.Engine;

/// <summary>Shared and immutable: what the modules are told that bring types of connectors.</summary>
/// <param name="Http">The HTTP connectors' settings.</param>
/// <param name="Databases">The database connectors' settings.</param>
internal sealed record ConnectorModules(HttpModuleOptions Http, DatabaseModuleOptions Databases)
{
    /// <summary>A set that knows the connector types and holds no connector yet.</summary>
    public ConnectorSet NewSet() => new([.. HttpModule.ConnectorTypes(Http), .. DatabaseModule.ConnectorTypes(Databases)]);
}
