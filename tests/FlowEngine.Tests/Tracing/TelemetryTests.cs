using System.Diagnostics;
using System.Diagnostics.Metrics;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;
using FlowEngine.Tests.Execution;
using FlowEngine.Tracing;

namespace FlowEngine.Tests.Tracing;

/// <summary>SPEC 9: a span per run and activity, and metrics per activity type, under one name.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task Advance_SubflowInParallel_IsNoRunAndTellsNoId()
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
        var advances = new List<string>();
        using var meter = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == FlowTelemetry.Name && instrument.Name == "flowengine.run.advances")
                    self.EnableMeasurementEvents(instrument);
            },
        };
        meter.SetMeasurementEventCallback<long>(
            (_, _, tags, _) =>
            {
                lock (advances)
                    advances.Add(string.Join(';', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")));
            }
        );
        meter.Start();
        const string inner = "branch-of-telemetry";
        var subflow = FlowReader.Read(
            FlowValue.Parse(
                $$"""{ "id": "{{inner}}", "start": "end", "activities": [ { "id": "end", "type": "End", "name": "Done" } ] }"""
            ),
            null,
            new DiagnosticBag()
        )!;
        var compiled = FlowCompiler.Compile(
            FlowValue.Parse(
                """
                { "id": "waits-after-parallel", "start": "both",
                  "activities": [
                    { "id": "both", "type": "Parallel",
                      "activities": [ { "id": "one", "type": "Subflow", "flow": "branch-of-telemetry" } ] },
                    { "id": "ask", "type": "Screen", "screen": "s" }, { "id": "end", "type": "End" } ],
                  "connections": [ { "source": "both", "port": "Success", "target": "ask" },
                    { "source": "ask", "port": "go", "target": "end" } ],
                  "screens": [ { "id": "s", "components": [ { "type": "Button", "id": "go" } ] } ] }
                """
            ),
            new CompilationEnvironment { FindFlow = id => id == inner ? (subflow, 1) : null }
        );
        Assert.True(compiled.Plan is not null, string.Join('\n', compiled.Diagnostics));
        var stored = 0;
        var run = FlowRun.Start(
            compiled.Plan,
            new RunStart(),
            new RunServices
            {
                AfterStep = (_, _) =>
                {
                    stored++;
                    return ValueTask.CompletedTask;
                },
            }
        );

        await FlowExecutor.AdvanceAsync(run, TestContext.Current.CancellationToken);

        Assert.Equal(RunStatus.Waiting, run.Status);
        // A branch is not stored on its own: only the activity that it belongs to is.
        Assert.Equal(1, stored);
        lock (spans)
        {
            Assert.DoesNotContain(
                spans,
                span => span.TagObjects.Any(tag => tag.Value is string text && text.Contains(run.Id, StringComparison.Ordinal))
            );
            Assert.DoesNotContain(spans, span => span.OperationName == "flow.run" && (string?)span.GetTagItem("flow.id") == inner);
        }
        lock (advances)
        {
            Assert.DoesNotContain(advances, tags => tags.Contains(inner, StringComparison.Ordinal));
            Assert.Contains(advances, tags => tags.Contains("flow.id=waits-after-parallel", StringComparison.Ordinal));
        }
    }

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

        var run = await ProbeFlow.RunAsync(
            ProbeFlow.Plan(
                ProbeFlow.Json(
                    "telemetry-probe",
                    """{ "id": "telemetry-probe", "type": "Probe", "do": "fail" }, { "id": "end", "type": "End" }""",
                    "telemetry-probe.Success>end"
                )
            )
        );

        // Other tests run at the same time: only what belongs to this run counts.
        lock (spans)
        {
            var whole = Assert.Single(spans, span => span.OperationName == "flow.run" && (string?)span.GetTagItem("flow.run_id") == run.Id);
            Assert.Equal((ActivityStatusCode.Error, "Failed"), (whole.Status, whole.GetTagItem("flow.run.status")));
            var probe = Assert.Single(spans, span => (string?)span.GetTagItem("flow.activity.id") == "telemetry-probe");
            Assert.Equal(
                (whole.SpanId, "Probe", "probe.failed"),
                (probe.ParentSpanId, probe.OperationName, probe.GetTagItem("error.type"))
            );
        }
        lock (measured)
        {
            Assert.Contains(
                measured,
                item =>
                    item.Instrument == "flowengine.activity.duration"
                    && item.Tags.Contains("flow.activity.type=Probe;flow.activity.outcome=probe.failed", StringComparison.Ordinal)
            );
            Assert.Contains(
                measured,
                item =>
                    item.Instrument == "flowengine.run.advances" && item.Tags.Contains("flow.run.status=Failed", StringComparison.Ordinal)
            );
        }

        void Add(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var text = string.Join(';', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
            lock (measured)
                measured.Add((instrument.Name, text));
        }
    }
}
