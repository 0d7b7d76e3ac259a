using FlowEngine.Activities;
using FlowEngine.Connectors;
using FlowEngine.HttpConnector.Authentication;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Requests;
using FlowEngine.HttpConnector.Testing;
using FlowEngine.Settings;

namespace FlowEngine.HttpConnector;

/// <summary>Stateless: what this assembly adds to an engine.</summary>
public static class HttpModule
{
    /// <summary>The activity <c>GenericHttp</c>.</summary>
    public static IEnumerable<ActivityType> ActivityTypes { get; } =
    [ActivityType.Of<GenericHttp, GenericHttpSettings>((settings, compilation) => new GenericHttp(settings, compilation))];

    internal const string ConnectorTypeName = "http";

    /// <summary>The connector type <c>http</c>.</summary>
    /// <param name="options">The operator's settings, already validated.</param>
    public static IEnumerable<ConnectorType> ConnectorTypes(HttpModuleOptions options) =>
        [
            ConnectorType.Of<Connectors.HttpConnector, HttpConnectorSettings>(
                ConnectorTypeName,
                (settings, definition, problems) =>
                    new Connectors.HttpConnector(settings, definition, problems, options)
                    {
                        Test = HttpConnectorTest.RunAsync,
                        Deliver = StoredCall.DeliverAsync,
                    },
                SettingsOf(options.Authentication)
            ) with
            {
                Label = "HTTP",
                Icon = "globe",
                Example = "Profile API",
                Trial = ConnectorTrial.Request,
                CredentialHeaders = [.. options.Authentication.SelectMany(kind => kind.CredentialHeaders)],
            },
        ];

    private static SettingsDescriptor SettingsOf(IEnumerable<AuthenticationKind> kinds) =>
        SettingsDescriptor
            .Of(typeof(HttpConnectorSettings))
            .With(
                "authentication",
                SettingsDescriptor.Choosing(typeof(AuthenticationSettings), "method", kinds.Select(kind => kind.Variant))
            );
}
