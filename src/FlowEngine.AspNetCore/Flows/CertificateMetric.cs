using System.Diagnostics.Metrics;
using FlowEngine.Connectors;
using FlowEngine.Tracing;
using Microsoft.Extensions.Hosting;

namespace FlowEngine.AspNetCore.Flows;

/// <summary>Per process, thread-safe: the metric of how long the certificates are good for by which connectors prove who calls. They are
/// looked at when it is read.</summary>
internal sealed class CertificateMetric(ConnectorSet connectors, TimeProvider time) : IHostedService, IDisposable
{
    private readonly Meter _meter = new(FlowTelemetry.Name);

    /// <summary>How many whole days are left; less than 0 for what has ended.</summary>
    public static long DaysLeft(DateTimeOffset ends, DateTimeOffset now) => (long)Math.Floor((ends - now).TotalDays);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _meter.CreateObservableGauge(
            "flowengine.connector.certificate.days",
            Measure,
            "d",
            "How many days the client certificate of a connector is good for, by connector; less than 0 once it has ended."
        );
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private List<Measurement<long>> Measure()
    {
        var now = time.GetUtcNow();
        return
        [
            .. connectors
                .Ids.Select(id => connectors.Find(id, out _))
                .Where(connector => connector?.CertificateEnds is not null)
                .Select(connector => new Measurement<long>(
                    DaysLeft(connector!.CertificateEnds!.Value, now),
                    new KeyValuePair<string, object?>("flow.connector.id", connector.Id)
                )),
        ];
    }
}
