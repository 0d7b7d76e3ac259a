using System.Globalization;
using System.Text.RegularExpressions;
using FlowEngine.AspNetCore.Engine;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Execution.Lineage;
using FlowEngine.Json;
using FlowEngine.Testing;
using FlowEngine.Tests;
using FlowEngine.Tracing;

namespace FlowEngine.AspNetCore.Tests.Engine;

/// <summary>
/// The lineage of all sample flows is right and complete. Their golden cases are run, and each step is done once more with a context in
/// which one value is gone or another: what lineage names must change what the step is given, and nothing else may.
/// </summary>
public sealed partial class FlowEngineHostLineageTests : IAsyncDisposable
{
    /// <summary>What a value is replaced by; no case has it.</summary>
    private const string Other = "q7x";

    /// <summary>Values of settings that a step does not show: what decides, and what is compared in secret.</summary>
    private static readonly string[] Unseen = ["branches", "limit", "password", "hash", "items"];

    private readonly FlowEngineHost _host = FlowEngineHost.Open(
        Path.Combine(Repository.Root, "flows"),
        null,
        new FlowEngineOptions { Egress = new() { AllowPrivateNetworks = true } }.Modules()
    );

    public static TheoryData<string> Cases =>
        [
            .. Directory
                .GetFiles(Path.Combine(Repository.Root, "flows", "cases"), "*.case.json")
                .Select(file => Path.GetFileName(file))
                .Order(),
        ];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task EachSource_CutBeforeItsStep_ChangesOrTakesTheValue(string file)
    {
        var recorded = await RecordAsync(file);

        foreach (var (place, step, told) in recorded.Steps)
        {
            foreach (var entry in ItemsOf(told.Get("lineage")))
            {
                var to = entry.Get("to").ToText();
                if (Unseen.Contains(SegmentsOf(to)[0].Name))
                    continue;
                var given = ValueAt(step, to);
                foreach (var source in ItemsOf(entry.Get("from")))
                {
                    // The place of an item in its list is no value that could be another.
                    if (PathOf(source, place, recorded) is not { } path)
                        continue;
                    var without = await AgainAsync(recorded, place, path, FlowValue.Missing);
                    var with = await AgainAsync(recorded, place, path, FlowValue.From(Other));
                    Assert.True(
                        ValueAt(without, to) != given || ValueAt(with, to) != given,
                        $"{file}, step {string.Join('.', place)}: {to} does not change with {path}."
                    );
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task EachValueThatChanges_NamesWhatItIsMadeOf(string file)
    {
        var recorded = await RecordAsync(file);

        foreach (var (place, step, told) in recorded.Steps)
        {
            var state = JsonReading.Parse(recorded.Before[place[0] - 1]);
            foreach (var path in PathsIn(state))
            {
                var again = await AgainAsync(recorded, place, path, FlowValue.From(Other));
                // What it already said is no value that this step made.
                foreach (var changed in ChangedIn(step, again).Where(changed => !(step.Type == "CustomClaims" && changed == path)))
                {
                    Assert.True(
                        ItemsOf(told.Get("lineage"))
                            .Any(entry =>
                                Covers(step, entry.Get("to").ToText(), changed)
                                && ItemsOf(entry.Get("from"))
                                    .Any(source => PathOf(source, place, recorded) is { } named && IsRelated(named, path))
                            ),
                        $"{file}, step {string.Join('.', place)}: {changed} changes with {path}, and lineage does not say so: "
                            + told.Get("lineage").ToJson()
                    );
                }
            }
        }
    }

    [Fact]
    public async Task EachTemplateOfEachActivity_HasLineageInSomeCase()
    {
        var told = new HashSet<(string Activity, string Expression)>();
        foreach (var file in Cases)
        {
            foreach (var (_, step, lineage) in (await RecordAsync(file)).Steps)
            {
                foreach (var entry in ItemsOf(lineage.Get("lineage")))
                    told.Add((step.Activity.Split('/')[^1], entry.Get("expression").ToText()));
            }
        }

        var missing = new List<string>();
        foreach (var flow in Directory.GetFiles(Path.Combine(Repository.Root, "flows"), "*.flow.json"))
        {
            foreach (var (activity, text) in TemplatesIn(FlowValue.Parse(await File.ReadAllTextAsync(flow)).Get("activities")))
            {
                if (!told.Any(known => known.Activity == activity && text.Contains(known.Expression, StringComparison.Ordinal)))
                    missing.Add($"{Path.GetFileName(flow)} {activity}: {text}");
            }
        }
        Assert.Empty(missing);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    /// <summary>Runs a case, and keeps what the run was before each step.</summary>
    private async Task<Recording> RecordAsync(string file)
    {
        var problems = new DiagnosticBag();
        var golden = GoldenCase.Load(Path.Combine(Repository.Root, "flows", "cases", file), problems)!;
        var plan = _host.Compile(golden.FlowFile).Plan!;
        var before = new Dictionary<int, byte[]>();
        var services = Services(golden) with
        {
            AfterStep = (run, _) =>
            {
                // What a step over a list saves while it goes on is no state before a step.
                before.TryAdd(run.Trace!.Count, RunState.Save(run));
                return ValueTask.CompletedTask;
            },
        };
        var run = FlowRun.Start(plan, new RunStart { Client = golden.Client }, services);
        before[0] = RunState.Save(run);
        await FlowExecutor.AdvanceAsync(run, TestContext.Current.CancellationToken);
        foreach (var answer in golden.Answers)
            await FlowExecutor.SubmitAsync(run, answer.ToSubmission(), TestContext.Current.CancellationToken);

        var told = TraceLineage.Join(plan, TraceWriter.ToValue(run.Trace!, new Redactor([])));
        var steps = Numbered(run.Trace!, told, []).Where(step => before.ContainsKey(step.Place[0] - 1)).ToList();
        // Whatever reads something but a screen, which shows it, was looked at.
        Assert.All(
            Numbered(run.Trace!, told, []).Where(step => !step.Told.Get("lineage").IsMissing),
            step => Assert.Contains(step.Place[0] - 1, before.Keys)
        );
        return new Recording(golden, plan, before, steps);
    }

    private static RunServices Services(GoldenCase golden) => new() { Trace = true, Replies = new ScriptedReplies(golden.Replies) };

    private static IEnumerable<(int[] Place, TraceStep Step, FlowValue Told)> Numbered(
        IReadOnlyList<TraceStep> steps,
        FlowValue told,
        int[] place
    )
    {
        for (var i = 0; i < steps.Count; i++)
        {
            int[] own = [.. place, i + 1];
            yield return (own, steps[i], told.Get(i));
            foreach (var child in Numbered(steps[i].Children, told.Get(i).Get("children"), own))
                yield return child;
        }
    }

    /// <summary>Where in the context of the flow the value of a source stands: an item stands in the list of the step around it. Null for
    /// its place in that list.</summary>
    private static string? PathOf(FlowValue source, int[] place, Recording recorded)
    {
        var path = source.Get("path").ToText();
        var root = SegmentsOf(path)[0].Name;
        if (root == "index")
            return null;
        if (root != "item")
            return path;
        var around = recorded.Steps.First(step => step.Place.AsSpan().SequenceEqual(place.AsSpan(..^1))).Told;
        var list = ItemsOf(around.Get("lineage"))
            .First(entry => entry.Get("to").ToText() == "items")
            .Get("from")
            .Get(0)
            .Get("path")
            .ToText();
        return list + PathText.Element(place[^1] - 1) + path["item".Length..];
    }

    /// <summary>Does a step once more, with another value at a path of its context.</summary>
    private static async Task<TraceStep> AgainAsync(Recording recorded, int[] place, string path, FlowValue value)
    {
        var state = JsonReading.Parse(recorded.Before[place[0] - 1]);
        state.Get("frame").TryGetInteger(out var frame);
        var segments = SegmentsOf(path);
        Segment[] at = segments[0].Name is "user" or "claims" or "error" or "device"
            ? segments
            : [new("frames", 0), new(null, (int)frame), .. segments];
        var changed = JsonWriting.ToUtf8(Changed(state, at, value));
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var services = Services(recorded.Case) with
        {
            AfterStep = async (done, cancellationToken) =>
            {
                if (done.Trace!.Count == 0)
                    return;
                await enough.CancelAsync();
                cancellationToken.ThrowIfCancellationRequested();
            },
        };
        var run = RunState.Load(changed, recorded.Plan, services);
        try
        {
            await FlowExecutor.AdvanceAsync(run, enough.Token);
        }
        catch (OperationCanceledException) when (run.Trace!.Count > 0)
        {
            // One step is all that is asked.
        }

        var step = run.Trace![0];
        foreach (var child in place.Skip(1))
            step = step.Children[child - 1];
        return step;
    }

    private static FlowValue Changed(FlowValue value, ReadOnlySpan<Segment> at, FlowValue other)
    {
        if (at.IsEmpty)
            return other;
        if (at[0].Name is { } name)
        {
            var members = new FlowObjectBuilder(value.TryGetObject(out var obj) ? obj : FlowObject.Empty);
            var own = obj?.Shape.Names.ToArray().FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? name;
            var inner = Changed(members.Get(own), at[1..], other);
            if (!inner.IsMissing)
            {
                members.Set(own, inner);
                return FlowValue.From(members.Build());
            }
            return FlowValue.Object([
                .. (obj ?? FlowObject.Empty).Where(member => member.Key != own).Select(member => (member.Key, member.Value)),
            ]);
        }
        var items = ItemsOf(value).ToList();
        while (items.Count <= at[0].Index)
            items.Add(FlowValue.Null);
        var item = Changed(items[at[0].Index], at[1..], other);
        items[at[0].Index] = item.IsMissing ? FlowValue.Null : item;
        return FlowValue.Array(items);
    }

    /// <summary>The paths of all values that an activity could read.</summary>
    private static IEnumerable<string> PathsIn(FlowValue state)
    {
        state.Get("frame").TryGetInteger(out var index);
        var frame = state.Get("frames").Get((int)index);
        return new[] { "form", "client", "connectors", "scripts" }
            .SelectMany(root => LeavesOf(root, frame.Get(root)))
            .Concat(new[] { "user", "claims", "error" }.SelectMany(root => LeavesOf(root, state.Get(root))))
            .Select(leaf => leaf.Path);
    }

    private static IEnumerable<(string Path, FlowValue Value)> LeavesOf(string path, FlowValue value)
    {
        if (value.TryGetObject(out var obj))
            return obj.SelectMany(member => LeavesOf(path + PathText.Member(member.Key), member.Value));
        if (value.TryGetArray(out var array))
            return array.SelectMany((item, i) => LeavesOf(path + PathText.Element(i), item));
        return value.IsMissing ? [] : [(path, value)];
    }

    /// <summary>The places of what a step was given, or made of its settings alone, that are not the same.</summary>
    private static IEnumerable<string> ChangedIn(TraceStep one, TraceStep other)
    {
        var (before, after) = (Seen(one), Seen(other));
        return before
            .Keys.Union(after.Keys)
            .Where(place => before.GetValueOrDefault(place) != after.GetValueOrDefault(place))
            // By another outcome there is another message.
            .Where(place => place != "message" || one.Outcome == other.Outcome);
    }

    private static Dictionary<string, FlowValue> Seen(TraceStep step)
    {
        var root = step.Type switch
        {
            "CustomClaims" => "claims",
            "SetUser" => "user",
            "End" => "outputs",
            _ => null,
        };
        var seen = LeavesOf("input", step.Input).ToDictionary(leaf => leaf.Path["input".Length..].TrimStart('.'), leaf => leaf.Value);
        foreach (var (path, value) in root is null ? [] : LeavesOf(root, step.Output))
            seen.Add(path, value);
        if (step.Message is not null)
            seen.Add("message", FlowValue.From(step.Message));
        return seen;
    }

    /// <summary>Whether a value of the settings stands at a place that was seen.</summary>
    private static bool Covers(TraceStep step, string to, string place) =>
        place == "url" ? SegmentsOf(to)[0].Name is "endpoint" or "query"
        : step.Type == "Scriptlet" ? IsRelated(to, $"arguments.{place}")
        : step.Type == "Subflow" ? IsRelated(to, $"inputs.{place}")
        : IsRelated(to, place);

    private static bool IsRelated(string one, string other) => IsBelow(one, other) || IsBelow(other, one);

    private static bool IsBelow(string path, string other) =>
        path.StartsWith(other, StringComparison.OrdinalIgnoreCase) && (path.Length == other.Length || path[other.Length] is '.' or '[');

    private static FlowValue ValueAt(TraceStep step, string to)
    {
        var segments = SegmentsOf(to);
        var (value, rest) = segments[0].Name switch
        {
            "endpoint" or "query" => (step.Input.Get("url"), []),
            "message" => (FlowValue.From(step.Message), []),
            "claims" or "user" or "outputs" => (step.Output, segments[1..]),
            "arguments" or "inputs" => (step.Input, segments[1..]),
            _ => (step.Input, segments),
        };
        foreach (var segment in rest)
            value = segment.Name is { } name ? value.Get(name) : value.Get(segment.Index);
        return value;
    }

    private static IEnumerable<(string Activity, string Text)> TemplatesIn(FlowValue activities) =>
        ItemsOf(activities)
            .SelectMany(activity =>
                TextsIn(activity, isOutermost: true)
                    .Where(text => text.Contains("{{", StringComparison.Ordinal))
                    .Select(text => (activity.Get("id").ToText(), text))
                    .Concat(TemplatesIn(activity.Get("activities")))
                    .Concat(activity.Get("activity") is { IsMissing: false } inner ? TemplatesIn(FlowValue.Array(inner)) : [])
            );

    private static IEnumerable<string> TextsIn(FlowValue value, bool isOutermost = false) =>
        value.TryGetText(out var text) ? [text]
        : value.TryGetArray(out var array) ? array.SelectMany(item => TextsIn(item))
        : value.TryGetObject(out var obj)
            ? obj.Where(member => !isOutermost || member.Key is not ("activities" or "activity"))
                .SelectMany(member => TextsIn(member.Value))
        : [];

    private static FlowArray ItemsOf(FlowValue value) => value.TryGetArray(out var array) ? array : FlowArray.Empty;

    private static Segment[] SegmentsOf(string path) =>
        [
            .. Part()
                .Matches(path)
                .Select(match =>
                    match.Groups["index"] is { Success: true } index
                        ? new Segment(null, int.Parse(index.Value, CultureInfo.InvariantCulture))
                        : new Segment(match.Groups["name"].Success ? match.Groups["name"].Value : match.Groups["quoted"].Value, 0)
                ),
        ];

    [GeneratedRegex("""\[(?<index>\d+)\]|\["(?<quoted>[^"]*)"\]|\.?(?<name>[^.\[]+)""")]
    private static partial Regex Part();

    private readonly record struct Segment(string? Name, int Index);

    private sealed record Recording(
        GoldenCase Case,
        FlowPlan Plan,
        IReadOnlyDictionary<int, byte[]> Before,
        IReadOnlyList<(int[] Place, TraceStep Step, FlowValue Told)> Steps
    );
}
