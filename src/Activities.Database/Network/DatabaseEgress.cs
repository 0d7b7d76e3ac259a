using System.Net;

namespace FlowEngine.Database.Network;

/// <summary>What the egress guard thinks of an address, from harmless to worst.</summary>
public enum AddressVerdict
{
    /// <summary>A public address.</summary>
    Public,

    /// <summary>Private or loopback: only where the operator allows it.</summary>
    Private,

    /// <summary>Link-local, metadata, reserved: never.</summary>
    Forbidden,
}

/// <summary>Shared and immutable: which servers database connectors may reach (configuration section <c>Egress</c>).</summary>
public sealed record DatabaseEgress
{
    /// <summary>Whether private and loopback addresses, and Unix sockets, may be reached. Default false.</summary>
    public bool AllowPrivateNetworks { get; init; }

    /// <summary><c>Egress:Databases</c>: those that may be reached although they are private. Default none.</summary>
    public IReadOnlyList<DatabasePattern> Databases { get; init; } = [];

    /// <summary>The guard. Default: every address is private.</summary>
    public Func<IPAddress, AddressVerdict> Judge { get; init; } = _ => AddressVerdict.Private;

    /// <summary>Finds the addresses of a host; the system's resolver, except in tests.</summary>
    internal Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>The clock, for how long an address stays known.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether the operator has named this host and port.</summary>
    internal bool Lists(string host, int port) => Databases.Any(pattern => pattern.MatchesHost(host, port));

    /// <summary>Whether a connection to that address may be made.</summary>
    internal bool Allows(string host, int port, IPAddress address) =>
        Judge(address) switch
        {
            AddressVerdict.Public => true,
            AddressVerdict.Private => AllowPrivateNetworks
                || Lists(host, port)
                || Databases.Any(pattern => pattern.MatchesAddress(address, port)),
            _ => false,
        };
}
