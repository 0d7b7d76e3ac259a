using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Wire;

/// <summary>
/// Shared and immutable. Where an exchange's time went. DNS, connect and TLS are null when the request went out on a pooled
/// connection, and DNS is null for a host that is an address.
/// </summary>
/// <param name="Dns">Resolving the host name.</param>
/// <param name="Connect">Opening the TCP connection, through the proxy when there is one.</param>
/// <param name="Tls">The TLS handshake; null for http.</param>
/// <param name="FirstByte">From the start to the answer's headers.</param>
/// <param name="Total">From the start to the end of the answer's body.</param>
public sealed record ExchangeTimings(TimeSpan? Dns, TimeSpan? Connect, TimeSpan? Tls, TimeSpan FirstByte, TimeSpan Total);
