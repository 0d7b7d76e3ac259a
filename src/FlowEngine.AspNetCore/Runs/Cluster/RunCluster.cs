using System.Diagnostics;
using System.Net;
using FlowEngine.Storage;
using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;

namespace FlowEngine.AspNetCore.Runs.Cluster;

/// <summary>Stateless: Orleans, where the runs live: in this process alone, or shared with the other nodes of a cluster.</summary>
internal static class RunCluster
{
    private const string Id = "flowengine";

    /// <summary>How long one advance of a run may take before its caller
    /// gives up; connectors have limits of their own below that.</summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMinutes(5);

    /// <summary>How long a node waits for the answer to a probe. After three that failed, and
    /// no other word from it in that time, a node that stands still is put out.</summary>
    internal static readonly TimeSpan ProbeTime = TimeSpan.FromSeconds(1.2);

    /// <summary>Adds a silo that is alone: it listens nowhere, and nobody can join it.</summary>
    public static void UseSingleNode(this IHostApplicationBuilder builder) =>
        builder.UseOrleans(silo =>
        {
            // The address is a name only: nothing listens there.
            silo.Services.AddSingleton<NodeLease>();
            silo.UseLocalhostClustering(siloPort: 1, gatewayPort: 0, serviceId: Id, clusterId: Id);
            Set(silo);
            foreach (
                var listener in silo
                    .Services.Where(service => service.IsKeyedService && service.ServiceType == typeof(IConnectionListenerFactory))
                    .ToList()
            )
            {
                silo.Services.Remove(listener);
                silo.Services.AddKeyedSingleton<IConnectionListenerFactory>(listener.ServiceKey, (_, _) => new ClosedDoor());
            }
        });

    /// <summary>Adds a silo that joins the others of the same database.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="storage">The storage of the cluster.</param>
    /// <param name="address">Where the other nodes reach this one.</param>
    /// <param name="time">The clock.</param>
    public static void UseCluster(this IHostApplicationBuilder builder, ServerStorage storage, IPEndPoint address, TimeProvider time)
    {
        // Lives as long as the process.
        var certificate = NodeCertificate.Make(storage.RootKey, time);
        builder.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(options => options.ServiceId = options.ClusterId = Id);
            silo.Services.AddSingleton<IMembershipTable>(new ClusterTable(storage.Database));
            silo.Configure<EndpointOptions>(options =>
            {
                options.AdvertisedIPAddress = address.Address;
                options.SiloPort = address.Port;
                // Nobody but the nodes talks to a silo.
                options.GatewayPort = 0;
            });
            silo.Configure<ClusterMembershipOptions>(options =>
            {
                // Orleans stretches its probes to four times that by itself, and withholds
                // votes for as long; then a node that stands still is in for a minute.
                options.ProbeTimeout = options.MinProbeTimeout = options.MaxProbeTimeout = ProbeTime;
                options.TableRefreshTimeout = TimeSpan.FromSeconds(10);
                // So that a node that starts does not wait long for one that was killed and that nobody is left to declare dead.
                options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
                options.DefunctSiloExpiration = TimeSpan.FromHours(1);
            });
            silo.UseTls(options => NodeCertificate.Use(options, certificate));
            silo.Configure<SiloConnectionOptions>(options =>
            {
                options.ConfigureSiloOutboundConnection(Watch);
                // Nodes speak over whichever connection there is: the one that joined last may have made all of them.
                options.ConfigureSiloInboundConnection(WatchInbound);
            });
            silo.Services.AddSingleton<LostNodes>();
            silo.Services.AddSingleton<ClusterLease>();
            silo.Services.AddSingleton<NodeLease>(services => services.GetRequiredService<ClusterLease>());
            silo.Services.AddHostedService<LeaseRenewal>();
            Set(silo);
        });
    }

    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(1);

    /// <summary>Looks after the node at the other end when a connection to it has ended.</summary>
    private static void Watch(IConnectionBuilder connections) =>
        connections.Use(next =>
            async connection =>
            {
                var node = connection.RemoteEndPoint;
                try
                {
                    await next(connection);
                }
                finally
                {
                    // What it needs is made after the connections.
                    _ = connections.ApplicationServices.GetRequiredService<LostNodes>().LookAsync(node);
                }
            }
        );

    /// <summary>The same for a connection that the other node made: its end has a port of its own, so that every node there is looked after.
    /// One that ended as soon as it began was such a look.</summary>
    private static void WatchInbound(IConnectionBuilder connections) =>
        connections.Use(next =>
            async connection =>
            {
                var (node, began) = (connection.RemoteEndPoint, Stopwatch.GetTimestamp());
                try
                {
                    await next(connection);
                }
                finally
                {
                    if (Stopwatch.GetElapsedTime(began) > LongestLook)
                        _ = connections.ApplicationServices.GetRequiredService<LostNodes>().LookAtAllAsync(node);
                }
            }
        );

    private static void Set(ISiloBuilder silo)
    {
        silo.Services.AddSingleton<RunHomes>();
        silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = options.SystemResponseTimeout = AnswerTime);
        // A grain that is told to leave while a call begins is not given up before that call can be over.
        silo.Configure<GrainCollectionOptions>(options => options.DeactivationTimeout = AnswerTime);
        // Where grains of other nodes are; each entry is some hundred bytes, and the grain is gone seconds after its run ended.
        silo.Configure<GrainDirectoryOptions>(options => options.CacheSize = 50_000);
        silo.Services.AddSingleton<IdleRuns>();
        silo.Services.AddHostedService(services => services.GetRequiredService<IdleRuns>());
    }
}
