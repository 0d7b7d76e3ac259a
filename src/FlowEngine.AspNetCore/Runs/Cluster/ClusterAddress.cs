using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using FlowEngine.AspNetCore.Engine;

namespace FlowEngine.AspNetCore.Runs.Cluster;

/// <summary>Stateless: where the other nodes reach this one: settings <c>Cluster:Address</c> and <c>Cluster:Port</c>.</summary>
internal static class ClusterAddress
{
    /// <summary>The port of nodes that have a machine or container of their own.</summary>
    public const int DefaultPort = 11111;

    /// <summary>Finds the address. Where the server itself listens on the loopback address alone, so do the nodes, each on a free port:
    /// several on one machine just work. Else it is the machine's address and port 11111.</summary>
    /// <exception cref="SettingsException">A setting cannot be used.</exception>
    public static IPEndPoint Of(NodeOptions options, string urls)
    {
        var address = options.Address is not { } given
            ? IsLoopback(urls)
                ? IPAddress.Loopback
                : MachineAddress()
            : Resolve(given);
        return new IPEndPoint(address, options.Port ?? (IPAddress.IsLoopback(address) ? FreePort(address) : DefaultPort));
    }

    private static bool IsLoopback(string urls) =>
        urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .All(url => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.IsLoopback);

    private static IPAddress Resolve(string name)
    {
        if (IPAddress.TryParse(name, out var address))
            return address;
        try
        {
            var found = Dns.GetHostAddresses(name);
            return found.FirstOrDefault(known => known.AddressFamily == AddressFamily.InterNetwork) ?? found[0];
        }
        catch (SocketException error)
        {
            throw new SettingsException($"Cluster:Address: '{name}' cannot be resolved: {error.Message}");
        }
    }

    private static IPAddress MachineAddress()
    {
        var addresses = NetworkInterface
            .GetAllNetworkInterfaces()
            .Where(network =>
                network is { OperationalStatus: OperationalStatus.Up, NetworkInterfaceType: not NetworkInterfaceType.Loopback }
            )
            // One with a way out goes before a bridge that knows this machine only.
            .OrderByDescending(network => network.GetIPProperties().GatewayAddresses.Count > 0)
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(known => known.Address)
            .ToList();
        return addresses.FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork)
            ?? addresses.FirstOrDefault(address => !address.IsIPv6LinkLocal)
            ?? throw new SettingsException(
                "Cluster:Address is missing, and this machine has no network address "
                    + "to take: name the address at which the other nodes reach this one."
            );
    }

    private static int FreePort(IPAddress address)
    {
        using var listener = new TcpListener(address, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
