using FlowEngine.Activities;
using FlowEngine.Connectors;
using FlowEngine.HttpConnector.Authentication;
using FlowEngine.HttpConnector.Authentication.OAuth;
using FlowEngine.HttpConnector.Egress;
using FlowEngine.Settings;

namespace FlowEngine.HttpConnector;

/// <summary>Shared and immutable: the operator's settings for all HTTP connectors.</summary>
public sealed record HttpModuleOptions
{
    /// <summary>Section <c>Egress</c>: which addresses may be reached, and from where.</summary>
    public EgressOptions Egress { get; init; } = new();

    /// <summary>The longest answer body, in bytes after decompression. Default 5 MiB.</summary>
    public int MaxResponseBodyBytes { get; init; } = 5 * 1024 * 1024;

    /// <summary>The longest request body, in bytes. Default 5 MiB.</summary>
    public int MaxRequestBodyBytes { get; init; } = 5 * 1024 * 1024;

    /// <summary>The longest answer head, in KiB. Default 64.</summary>
    public int MaxResponseHeadersKiB { get; init; } = 64;

    /// <summary>The kinds of authentication that connectors can choose. Default <see cref="AuthenticationKind.BuiltIn"/>.</summary>
    public IReadOnlyList<AuthenticationKind> Authentication { get; init; } = AuthenticationKind.BuiltIn;

    /// <summary>Whom the access tokens of connectors are shared with. Default nobody.</summary>
    public TokenSharing Tokens { get; init; } = TokenSharing.None;

    /// <summary>Told of each fire-and-forget call that did not arrive: its connector and the
    /// code. It must not throw or wait. Default nobody; a metric counts them anyway.</summary>
    public Action<string, string>? Lost { get; init; }

    /// <summary>The clock. Default the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>Stateless: what this assembly adds to an engine.</summary>
public static class HttpModule
{
    /// <summary>The activity <c>GenericHttp</c>.</summary>
    public static IEnumerable<ActivityType> ActivityTypes { get; } =
    [ActivityType.Of<GenericHttp, GenericHttpSettings>((settings, compilation) => new GenericHttp(settings, compilation))];

    /// <summary>The connector type <c>http</c>.</summary>
    /// <param name="options">The operator's settings, already validated.</param>
    public static IEnumerable<ConnectorType> ConnectorTypes(HttpModuleOptions options) =>
        [
            ConnectorType.Of<HttpConnector, HttpConnectorSettings>(
                "http",
                (settings, definition, problems) => new HttpConnector(settings, definition, problems, options),
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
