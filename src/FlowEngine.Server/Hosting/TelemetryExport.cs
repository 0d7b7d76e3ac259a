using System.Diagnostics;
using FlowEngine.Tracing;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace FlowEngine.Server.Hosting;

/// <summary>
/// Stateless: sends spans and metrics to an OpenTelemetry collector, when one is named: by the setting <c>Telemetry:Otlp</c>, or by
/// OpenTelemetry's own environment variables (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>
/// and its kin), which also set everything else: headers, sampling, intervals. Prometheus fetches the same metrics where the setting
/// <c>Telemetry:Prometheus</c> says.
/// </summary>
internal static class TelemetryExport
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string ProtocolVariable = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const string ServiceVariable = "OTEL_SERVICE_NAME";

    private const string RequestSource = "System.Net.Http";

    private static readonly string[] Meters =
    [
        FlowTelemetry.Name,
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel",
        "Microsoft.AspNetCore.RateLimiting",
        "System.Runtime",
        "Npgsql",
    ];

    /// <summary>Adds the export.</summary>
    public static void AddTelemetry(this WebApplicationBuilder builder, TelemetryOptions options)
    {
        if (options.Otlp is { } collector)
        {
            builder.Configuration[EndpointVariable] = collector.OriginalString;
            builder.Configuration[ProtocolVariable] ??= "http/protobuf";
        }
        if (builder.Configuration[EndpointVariable] is { Length: > 0 })
            Export(builder);
        if (options.Prometheus is { } address)
            Show(builder, address);
    }

    /// <summary>A method of its own, so that a server without a collector never loads what sends to it.</summary>
    private static void Export(WebApplicationBuilder builder) =>
        Telemetry(builder)
            .WithTracing(tracing =>
                tracing
                    .AddSource(FlowTelemetry.Name)
                    // The requests of connectors: without their spans, what is called would be in the trace without its parent.
                    .AddSource(RequestSource)
                    .AddProcessor<WithoutUrls>()
                    .AddAspNetCoreInstrumentation(requests =>
                        requests.Filter = http =>
                            http.Request.Path.Value is not { } path
                            || !(path.EndsWith("/healthz", StringComparison.Ordinal) || path.EndsWith("/readyz", StringComparison.Ordinal))
                    )
                    .AddOtlpExporter()
            )
            .WithMetrics(metrics => metrics.AddMeter(Meters).AddOtlpExporter());

    /// <summary>The same for Prometheus. What listens is not the server's own, which people reach.</summary>
    private static void Show(WebApplicationBuilder builder, Uri address) =>
        Telemetry(builder)
            .WithMetrics(metrics =>
                metrics
                    .AddMeter(Meters)
                    .AddPrometheusHttpListener(listener => (listener.Host, listener.Port) = (address.Host, address.Port))
            );

    private static OpenTelemetryBuilder Telemetry(WebApplicationBuilder builder) =>
        builder
            .Services.AddOpenTelemetry()
            .ConfigureResource(resource =>
                resource.AddService(
                    builder.Configuration[ServiceVariable] ?? "flowengine",
                    serviceVersion: typeof(TelemetryExport).Assembly.GetName().Version?.ToString(3)
                )
            );

    /// <summary>Stateless: takes addresses out of spans, however a request ended. Of a connector's request the host is told; of a client's,
    /// the route: paths hold values and the ids of runs, queries whatever an application put there.</summary>
    private sealed class WithoutUrls : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            data.SetTag("url.full", null).SetTag("url.query", null);
            if (data.GetTagItem("url.path") is not null)
                data.SetTag("url.path", data.GetTagItem("http.route"));
        }
    }
}
