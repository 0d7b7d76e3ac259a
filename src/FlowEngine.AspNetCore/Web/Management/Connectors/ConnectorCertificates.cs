using FlowEngine.AspNetCore.Flows;
using FlowEngine.Connectors;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.Connectors;

/// <summary>Per process, thread-safe: how long the certificates are good for by which connectors prove who calls.</summary>
internal sealed class ConnectorCertificates(ConnectorSet connectors, TimeProvider time)
{
    /// <summary>When it ends; null for none.</summary>
    public UnixTime? EndOf(string id) => connectors.Find(id, out _)?.CertificateEnds is { } ends ? ends : null;

    /// <summary>In how many whole days that is.</summary>
    public long? DaysLeftOf(string id) =>
        connectors.Find(id, out _)?.CertificateEnds is { } ends ? CertificateMetric.DaysLeft(ends, time.GetUtcNow()) : null;
}
