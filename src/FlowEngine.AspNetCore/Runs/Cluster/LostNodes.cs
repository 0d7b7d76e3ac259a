using System.Net;
using System.Net.Sockets;
using Orleans.Runtime;

namespace FlowEngine.AspNetCore.Runs.Cluster;

/// <summary>
/// Per process, thread-safe: a node whose process has ended is out of the cluster within a second. When a connection to it breaks, its port
/// is tried: what refuses is not there any more, and nothing has to be waited for. A node
/// that does not answer at all may only be slow; that one is left to Orleans' probes.
/// </summary>
internal sealed partial class LostNodes(IClusterMembershipService cluster, ILocalSiloDetails node, ILogger<LostNodes> log)
{
    private const int Refusals = 3;
    private const int Answers = 2;
    private const int MostTries = 6;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestTry = TimeSpan.FromSeconds(1);

    /// <summary>A connection ended: puts the node at its other end out of the cluster if that is gone. Never faulted.</summary>
    public async Task LookAsync(EndPoint? endpoint)
    {
        try
        {
            if (endpoint is not IPEndPoint address || Find(address) is null || !await IsGoneAsync(address))
                return;
            // One that stops in order closes its port too; it says so before that, and leaves by itself.
            await cluster.Refresh();
            if (Find(address) is { } lost && await cluster.TryKill(lost))
                Gone(log, lost);
        }
#pragma warning disable CA1031 // The probes find it all the same, some seconds later.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Unsure(log, error.Message);
        }
    }

    /// <summary>A connection ended that some node of an address had made: looks after each that is there. Never faulted.</summary>
    public Task LookAtAllAsync(EndPoint? endpoint) =>
        endpoint is IPEndPoint { Address: var address }
            ? Task.WhenAll(
                cluster
                    .CurrentSnapshot.Members.Values.Where(member =>
                        member.Status == SiloStatus.Active && member.SiloAddress.Endpoint.Address.Equals(address)
                    )
                    .Select(member => LookAsync(member.SiloAddress.Endpoint))
            )
            : Task.CompletedTask;

    private SiloAddress? Find(IPEndPoint address) =>
        cluster
            .CurrentSnapshot.Members.Values.FirstOrDefault(member =>
                member.Status == SiloStatus.Active
                && member.SiloAddress.Endpoint.Equals(address)
                && !member.SiloAddress.Equals(node.SiloAddress)
            )
            ?.SiloAddress;

    /// <summary>Whether its port refuses again and again. One answer says nothing: what is being ended may not have closed its port yet.
    /// Nor does a try that ends in nothing: this machine may be too busy to make it.</summary>
    private static async Task<bool> IsGoneAsync(IPEndPoint address)
    {
        var (refusals, answers) = (0, 0);
        for (var i = 0; i < MostTries && refusals < Refusals; i++)
        {
            await Task.Delay(Pause, TimeProvider.System);
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            using var limit = new CancellationTokenSource(LongestTry);
            try
            {
                await socket.ConnectAsync(address, limit.Token);
                if (++answers == Answers)
                    return false;
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionRefused)
            {
                // Nobody listens there.
                refusals++;
            }
            catch (OperationCanceledException)
            {
                // Nobody knows.
            }
            catch (SocketException)
            {
                return false;
            }
        }
        return refusals == Refusals;
    }

    [LoggerMessage(
        EventId = 1701,
        Level = LogLevel.Warning,
        Message = "The node {Node} is gone: nothing listens there any more. The others go on with its runs."
    )]
    private static partial void Gone(ILogger log, SiloAddress node);

    [LoggerMessage(EventId = 1702, Level = LogLevel.Debug, Message = "A lost node could not be put out of the cluster at once: {Reason}")]
    private static partial void Unsure(ILogger log, string reason);
}
