using System.Diagnostics;
using System.Diagnostics.Metrics;
using FlowEngine.Tests.Execution;
using FlowEngine.Tracing;

namespace FlowEngine.Tests.Tracing;

/// <summary>SPEC 9: a span per run and activity, and metrics per activity type, under one name.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task Advance_WithListeners_GivesASpanPerRunAndActivityAndMeasuresThem()
    {
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == FlowTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                lock (spans)
                    spans.Add(span);
            },
        };
        ActivitySource.AddActivityListener(listener);
        var measured = new List<(string Instrument, string Tags)>();
        using var meter = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == FlowTelemetry.Name)
                    self.EnableMeasurementEvents(instrument);
            },
        };
        meter.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument, tags));
        meter.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Add(instrument, tags));
        meter.Start();

        var run = await ProbeFlow.RunAsync(ProbeFlow.Plan(ProbeFlow.Json(
            "telemetry-probe", """{ "id": "telemetry-probe", "type": "Probe", "do": "fail" }, { "id": "end", "type": "End" }""", "telemetry-probe.Success>end")));

        // Other tests run at the same time: only what belongs to this run counts.
        lock (spans)
        {
            var whole = Assert.Single(spans, span => span.OperationName == "flow.run" && (string?)span.GetTagItem("flow.run_id") == run.Id);
            Assert.Equal((ActivityStatusCode.Error, "Failed"), (whole.Status, whole.GetTagItem("flow.run.status")));
            var probe = Assert.Single(spans, span => (string?)span.GetTagItem("flow.activity.id") == "telemetry-probe");
            Assert.Equal((whole.SpanId, "Probe", "probe.failed"), (probe.ParentSpanId, probe.OperationName, probe.GetTagItem("error.type")));
        }
        lock (measured)
        {
            Assert.Contains(measured, item => item.Instrument == "flowengine.activity.duration" && item.Tags.Contains("flow.activity.type=Probe;flow.activity.outcome=probe.failed", StringComparison.Ordinal));
            Assert.Contains(measured, item => item.Instrument == "flowengine.run.advances" && item.Tags.Contains("flow.run.status=Failed", StringComparison.Ordinal));
        }

        void Add(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var text = string.Join(';', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
            lock (measured)
                measured.Add((instrument.Name, text));
        }
    }
}
