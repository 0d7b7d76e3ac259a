using FlowEngine.Activities;
using FlowEngine.AspNetCore.Engine.Extensions;
using FlowEngine.Connectors;
using FlowEngine.Database;
using FlowEngine.HttpConnector;
using FlowEngine.HttpConnector.Authentication;
using FlowEngine.Screens;

namespace FlowEngine.AspNetCore.Engine;

/// <summary>Shared and immutable: what flows are made of and connectors may do: the modules as the operator set them, and the
/// extensions.</summary>
/// <param name="Http">The HTTP connectors' settings.</param>
/// <param name="Databases">The database connectors' settings.</param>
/// <param name="Extensions">The extensions.</param>
internal sealed record EngineModules(HttpModuleOptions Http, DatabaseModuleOptions Databases, ExtensionSet Extensions)
{
    /// <summary>The activity types of the engine, its modules and the extensions.</summary>
    public ActivityCatalog Activities() => FlowEngineHost.ActivitiesOf(Extensions.Parts<ActivityType>());

    /// <summary>The types of components that screens have, those of the extensions among them.</summary>
    public ComponentCatalog Components() => new(Extensions.Parts<ComponentType>());

    /// <summary>A set that knows the connector types and holds no connector yet.</summary>
    public ConnectorSet NewConnectors() =>
        new([
            .. HttpModule.ConnectorTypes(
                Http with
                {
                    Authentication = [.. AuthenticationKind.BuiltIn, .. Extensions.Parts<AuthenticationKind>()],
                }
            ),
            .. DatabaseModule.ConnectorTypes(Databases),
            .. Extensions.Parts<ConnectorType>(),
        ]);
}
