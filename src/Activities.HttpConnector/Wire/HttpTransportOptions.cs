namespace FlowEngine.HttpConnector.Wire;

/// <summary>Shared and immutable. A connector's transport settings and the operator's limits.</summary>
public sealed record HttpTransportOptions
{
    internal const int DefaultBodyBytes = 5 * 1024 * 1024;
    internal const int DefaultHeadersKiB = 64;

    /// <summary>Whether server certificates go unchecked, for this transport alone. Default false.</summary>
    public bool Insecure { get; init; }

    /// <summary>What is shown and trusted in TLS handshakes; null (the default) for nothing, and the system's authorities.</summary>
    internal Tls.TlsSource? Tls { get; init; }

    /// <summary>Told what the other side shows in handshakes; null (the default) where nobody asks.</summary>
    internal Tls.SeenChain? Chain { get; init; }

    /// <summary>Whether requests leave by the static IPs and proxies of <see cref="Egress.EgressOptions"/>. Default false.</summary>
    public bool UseStaticIps { get; init; }

    /// <summary>The longest answer body, in bytes after decompression. Default 5 MiB.</summary>
    public int MaxResponseBodyBytes { get; init; } = DefaultBodyBytes;

    /// <summary>The longest request body, in bytes. Default 5 MiB.</summary>
    public int MaxRequestBodyBytes { get; init; } = DefaultBodyBytes;

    /// <summary>The longest answer head, in KiB. Default 64.</summary>
    public int MaxResponseHeadersKiB { get; init; } = DefaultHeadersKiB;

    /// <summary>How long a connection is reused, and so how late a DNS change is seen. Default 2 minutes.</summary>
    public TimeSpan ConnectionLifetime { get; init; } = TimeSpan.FromMinutes(2);
}
