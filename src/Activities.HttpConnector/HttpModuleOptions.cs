using FlowEngine.HttpConnector.Authentication;
using FlowEngine.HttpConnector.Authentication.OAuth;
using FlowEngine.HttpConnector.Wire.Egress;

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
