using FlowEngine.Errors;
using FlowEngine.Settings;

namespace FlowEngine.Server.Hosting;

/// <summary>Set while the program starts, then read only: the section <c>Telemetry</c>.</summary>
internal sealed record TelemetryOptions : ICheckedSettings
{
    /// <summary>The OpenTelemetry collector that gets spans and metrics. Default null: none.</summary>
    [Setting(
        "The OpenTelemetry collector that gets spans and metrics, such as `http://127.0.0.1:4318`. OpenTelemetry's own variables (`OTEL_…`) work too."
    )]
    public Uri? Otlp { get; set; }

    /// <summary>Where Prometheus fetches the metrics, under <c>/metrics</c>. Default null: nowhere.</summary>
    [Setting(
        "Where Prometheus fetches the metrics: an address of its own, such as `http://127.0.0.1:9464`, under `/metrics`. Whoever reaches it "
            + "reads them, ids of flows and connectors included: no address that people reach."
    )]
    public Uri? Prometheus { get; set; }

    /// <inheritdoc/>
    void ICheckedSettings.Check(SourceLocation at, DiagnosticBag problems)
    {
        if (Otlp is { } collector && collector.Scheme != Uri.UriSchemeHttp && collector.Scheme != Uri.UriSchemeHttps)
            problems.Error(FlowErrors.Value, at.At("otlp"), "This is not an address such as http://127.0.0.1:4318.", "");
        if (Prometheus is { } address && (!address.IsAbsoluteUri || address.Scheme != Uri.UriSchemeHttp || address.PathAndQuery != "/"))
            problems.Error(FlowErrors.Value, at.At("prometheus"), "This is not an address such as http://127.0.0.1:9464.", "");
    }
}
