using System.Net;
using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Wire.Egress;

/// <summary>Per process, thread-safe. Straight to the target, from a given source address or from the one the system picks.</summary>
internal sealed class DirectRoute(IPAddress? source) : EgressRoute
{
    public override string Name => source?.ToString() ?? "direct";

    protected override async ValueTask<Stream> OpenAsync(IPEndPoint target, CancellationToken cancellationToken) =>
        await OpenSocketAsync(target, source, cancellationToken).ConfigureAwait(false);

    protected override IReadOnlyList<IPAddress> Usable(string host, IReadOnlyList<IPAddress> addresses)
    {
        if (source is null)
            return addresses;

        var sameFamily = addresses.Where(address => address.AddressFamily == source.AddressFamily).ToList();
        return sameFamily.Count > 0
            ? sameFamily
            : throw new EgressException(
                HttpFaultCodes.Connect,
                $"The host '{host}' has no address of the family of the static "
                    + $"IP {source}. Add one of the other family to Egress:StaticIps."
            );
    }
}
