using FlowEngine.Context;
using FlowEngine.Json;
using FlowEngine.Tests.Compilation.Paths;
using FlowEngine.Tracing;

namespace FlowEngine.Tests.Tracing;

/// <summary>A trace that is stored has an end, and says where it was cut.</summary>
public sealed class TraceRoomTests
{
    private static readonly Redactor NoSecrets = new([]);

    public static TheoryData<string> Large =>
        new()
        {
            FlowValue.From(new string('x', 200_000)).ToJson(),
            $"[ {string.Join(',', Enumerable.Repeat("\"12345678\"", 20_000))} ]",
            $"{{ {string.Join(',', Enumerable.Range(0, 20_000).Select(i => $"\"n{i}\": {i}"))} }}",
            $"{{ \"{new string('n', 200_000)}\": 1 }}",
            $"{{ \"a\": [ {{ \"b\": \"{new string('x', 100_000)}\" }}, 1, 2 ], \"c\": \"{new string('y', 100_000)}\" }}",
        };

    [Theory]
    [MemberData(nameof(Large))]
    public void ToValue_AValueLargerThanItsRoom_IsCutAndSaysSo(string json)
    {
        var step = Step();
        step.Output = FlowValue.Parse(json);

        var trace = TraceWriter.ToValue([step], NoSecrets, new TraceRoom(1_000_000)).Get(0);

        Assert.Equal(FlowValue.True, trace.Get("truncated"));
        Assert.InRange(JsonWriting.ToText(trace).Length, 50, 2 * TraceRoom.MaxValue);
        Assert.Equal(step.Output, TraceWriter.ToValue([step], NoSecrets).Get(0).Get("output"));
    }

    [Fact]
    public void ToValue_AText_KeepsItsBeginningAndSaysHowMuchIsMissing()
    {
        var step = Step();
        step.Output = FlowValue.From(new string('x', TraceRoom.MaxValue + 7));
        Assert.EndsWith(
            "x… (7 more characters)",
            TraceWriter.ToValue([step], NoSecrets, new TraceRoom(1_000_000)).Get(0).Get("output").ToText(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void ToValue_WhatFits_IsToldWhole()
    {
        var step = Step();
        step.Output = FlowValue.Parse("""{ "a": [ 1, "two", null, { "b": true } ] }""");
        Assert.Equal(TraceWriter.ToValue([step], NoSecrets), TraceWriter.ToValue([step], NoSecrets, new TraceRoom(10_000)));
    }

    /// <summary>A cut through the middle of a secret would leave half of it: what is cut is redacted already.</summary>
    [Fact]
    public void ToValue_ASecretAcrossTheCut_IsMasked()
    {
        var step = Step();
        step.Output = FlowValue.From(new string('x', TraceRoom.MaxValue - 5) + "hunter2-hunter2" + new string('y', 100));
        var text = JsonWriting.ToText(TraceWriter.ToValue([step], new Redactor(["hunter2-hunter2"]), new TraceRoom(1_000_000)));
        Assert.DoesNotContain("hunt", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ToValue_MoreStepsThanThereIsRoomFor_EndsWithBareOnesThatSaySo()
    {
        var steps = Enumerable
            .Range(0, 10_000)
            .Select(_ =>
            {
                var step = Step();
                step.Output = FlowValue.From(new string('x', 1_000));
                for (var i = 0; i < 100; i++)
                    step.Warn(FlowEngine.Errors.FlowErrors.TemplateMissing, "w");
                return step;
            });

        var trace = TraceWriter.ToValue(steps, NoSecrets, new TraceRoom(100_000));

        trace.TryGetArray(out var told);
        Assert.InRange(JsonWriting.ToText(trace).Length, 90_000, 250_000);
        Assert.InRange(told!.Count, 50, 500);
        Assert.Equal(FlowValue.True, told[^1].Get("truncated"));
        Assert.True(told[^1].Get("output").IsMissing);
        Assert.Equal("it", told[^1].Get("activity").ToText());
    }

    private static TraceStep Step() => new("it", "Test", TimeProvider.System);
}
