using System.Net;
using System.Net.Sockets;
using FlowEngine.Server.Runs;
using Orleans.Configuration;

namespace FlowEngine.Server.Hosting;

/// <summary>Stateless: Orleans in this process alone, where the runs live.</summary>
internal static class RunCluster
{
    /// <summary>How long one advance of a run may take before its caller gives up; connectors have limits of their own below that.</summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMinutes(5);

    /// <summary>Adds a silo that no other process joins. It listens on a free port of the loopback address, because Orleans knows no other way.</summary>
    public static void UseRunCluster(this IHostApplicationBuilder builder) => builder.UseOrleans(silo =>
    {
        silo.UseLocalhostClustering(siloPort: FreePort(), gatewayPort: 0, serviceId: "flowengine", clusterId: "flowengine");
        silo.UseRunSpans();
        silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = options.SystemResponseTimeout = AnswerTime);
    });

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
