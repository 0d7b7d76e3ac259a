using FlowEngine.Execution;
using Orleans.Runtime;

namespace FlowEngine.AspNetCore.Runs.Cluster;

/// <summary>
/// Per process, thread-safe: ids for new runs, such that this node itself keeps the entry of the directory that says where the run is. A
/// start then asks no other node, and a step asks only the node that has the run: nobody
/// waits for a node that was killed or stands still and has nothing to do with it.
/// </summary>
/// <remarks>
/// Orleans spreads its directory over the nodes by the hash of the id: each node has what lies between its own hash and the next. An id is
/// drawn until it falls into this node's part, as often as there are nodes on the average. Drawn from a part of all ids, it is still as
/// hard to guess to within a few bits. Where the draw fails, or another node joins, the entry is
/// at another node as it always was: that is slower while the other one is lost, and nothing else.
/// </remarks>
internal sealed class RunHomes(IClusterMembershipService cluster, ILocalSiloDetails node)
{
    /// <summary>
    /// As hashes fall, one node in fifty of a cluster of three has less than a hundredth of the ids, and one in a thousand less than a
    /// two-thousandth: each of its starts that draws in vain may belong to the node that is lost. A draw costs less than a microsecond.
    /// </summary>
    private const int MostDraws = 10_000;

    private volatile Ring _ring = new(default, []);

    /// <summary>A new id.</summary>
    /// <param name="type">The type of the grain.</param>
    public string NewId(GrainType type) => Draw(RingOf(cluster.CurrentSnapshot).Silos, node.SiloAddress, type);

    /// <summary>An id whose entry a node keeps; any id where it keeps next to none.</summary>
    internal static string Draw(SiloAddress[] silos, SiloAddress own, GrainType type)
    {
        var id = RunId.New();
        for (var i = 1; i < MostDraws && !IsHome(silos, own, GrainId.Create(type, id)); i++)
            id = RunId.New();
        return id;
    }

    /// <summary>Whether a node has the directory's entry of a grain.</summary>
    /// <param name="silos">The nodes that are in, in the order of their hashes.</param>
    /// <param name="own">The node.</param>
    /// <param name="grain">The grain.</param>
    internal static bool IsHome(SiloAddress[] silos, SiloAddress own, GrainId grain)
    {
        if (silos.Length < 2)
            return true;
        // The last whose hash is not beyond the grain's; the ring closes with the last of all.
        var hash = unchecked((int)grain.GetUniformHashCode());
        var owner = Array.FindLast(silos, silo => silo.GetConsistentHashCode() <= hash) ?? silos[^1];
        return owner.Equals(own);
    }

    private Ring RingOf(ClusterMembershipSnapshot snapshot)
    {
        var ring = _ring;
        if (ring.Version == snapshot.Version)
            return ring;
        SiloAddress[] active =
        [
            .. snapshot
                .Members.Values.Where(member => member.Status == SiloStatus.Active)
                .Select(member => member.SiloAddress)
                .OrderBy(silo => silo.GetConsistentHashCode()),
        ];
        return _ring = new Ring(snapshot.Version, active);
    }

    private sealed record Ring(MembershipVersion Version, SiloAddress[] Silos);
}
