using FlowEngine.HttpConnector.Authentication;
using FlowEngine.HttpConnector.Authentication.OAuth;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire;
using FlowEngine.HttpConnector.Wire.Egress;
using FlowEngine.Settings;

namespace FlowEngine.HttpConnector;

/// <summary>Set while a program starts, then read only: the operator's settings for all HTTP connectors.</summary>
public sealed record HttpModuleOptions
{
    /// <summary>Section <c>Egress</c>: which addresses may be reached, and from where.</summary>
    public EgressOptions Egress { get; init; } = new();

    /// <summary>The longest answer body, in bytes after decompression. Default 5 MiB.</summary>
    [Setting("How large an answer to a connector may be.", Unit = "bytes", Minimum = 1)]
    public int MaxResponseBodyBytes { get; set; } = HttpTransportOptions.DefaultBodyBytes;

    /// <summary>The longest request body, in bytes. Default 5 MiB.</summary>
    [Setting("How large a connector's request may be.", Unit = "bytes", Minimum = 1)]
    public int MaxRequestBodyBytes { get; set; } = HttpTransportOptions.DefaultBodyBytes;

    /// <summary>The longest answer head, in KiB. Default 64.</summary>
    [Setting("How large the headers of an answer to a connector may be.", Unit = "KiB", Minimum = 1)]
    public int MaxResponseHeadersKiB { get; set; } = HttpTransportOptions.DefaultHeadersKiB;

    /// <summary>The kinds of authentication that connectors can choose. Default <see cref="AuthenticationKind.BuiltIn"/>.</summary>
    public IReadOnlyList<AuthenticationKind> Authentication { get; init; } = AuthenticationKind.BuiltIn;

    /// <summary>Whom the access tokens of connectors are shared with. Default nobody.</summary>
    public TokenSharing Tokens { get; init; } = TokenSharing.None;

    /// <summary>Whom it is told that an API asked for time. Default nobody.</summary>
    public CooldownSharing Cooldowns { get; init; } = CooldownSharing.None;

    /// <summary>Told of each fire-and-forget call that did not arrive: its connector and the
    /// code. It must not throw or wait. Default nobody; a metric counts them anyway.</summary>
    public Action<string, string>? Lost { get; init; }

    /// <summary>The clock. Default the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
