using System.Net;
using FlowEngine.AspNetCore.Runs.Cluster;
using FlowEngine.Execution;
using Orleans.Runtime;

namespace FlowEngine.Server.Tests.Cluster;

/// <summary>Ids of new runs belong to the node that starts them, however little of the directory it has.</summary>
public sealed class RunHomesTests
{
    private const int Ids = 100;

    private static readonly GrainType Type = GrainType.Create("run");

    /// <summary>One cluster in fifty has a node with less than that, and each
    /// start of its that draws in vain waits for the node that is lost.</summary>
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.01)]
    [InlineData(0.002)]
    public void Draw_NodeWithAShare_GetsIdsOfItsOwn(double share)
    {
        var (silos, own) = ClusterWith(share);

        Assert.All(Enumerable.Range(0, Ids), _ => Assert.True(IsHome(silos, own, RunHomes.Draw(silos, own, Type))));
    }

    [Fact]
    public void IsHome_EachId_AtOneNode()
    {
        var (silos, _) = ClusterWith(0.3);

        Assert.All(
            Enumerable.Range(0, Ids),
            _ =>
            {
                var id = RunId.New();
                Assert.Single(silos, silo => IsHome(silos, silo, id));
            }
        );
    }

    [Fact]
    public void Draw_NodeThatIsNotIn_EndsAllTheSame()
    {
        var (silos, _) = ClusterWith(0.3);

        Assert.Equal(24, RunHomes.Draw(silos, Node(7), Type).Length);
    }

    private static bool IsHome(SiloAddress[] silos, SiloAddress own, string id) => RunHomes.IsHome(silos, own, GrainId.Create(Type, id));

    /// <summary>Three nodes as hashes fall, of which one has about that share: nodes are started until it is so.</summary>
    private static (SiloAddress[] Silos, SiloAddress Own) ClusterWith(double share)
    {
        for (var generation = 1; ; generation += 3)
        {
            SiloAddress[] silos = [.. Enumerable.Range(generation, 3).Select(Node).OrderBy(silo => silo.GetConsistentHashCode())];
            for (var i = 0; i < silos.Length; i++)
            {
                // Each has what lies between its own hash and the next.
                long next = i + 1 < silos.Length ? silos[i + 1].GetConsistentHashCode() : silos[0].GetConsistentHashCode() + (1L << 32);
                if (Math.Abs((next - silos[i].GetConsistentHashCode()) / (double)(1L << 32) - share) < share / 5)
                    return (silos, silos[i]);
            }
        }
    }

    private static SiloAddress Node(int generation) => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11111), generation);
}
