using System.Buffers;
using System.Globalization;
using System.Text.Json;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Json;
using FlowEngine.Screens;
using FlowEngine.Templates;

namespace FlowEngine.Execution;

/// <summary>
/// Saves a run as UTF-8 JSON and loads it again, in this process or another. Stateless. The state names activities by id and flows by id
/// and version, so it outlives the plan it was made with. It holds what people entered,
/// passwords included: whoever stores it encrypts it. The trace is stored apart.
/// </summary>
public static class RunState
{
    private const int FormatVersion = 1;

    private static readonly FlowShape StateShape = FlowShape.Of(
        "format",
        "id",
        "startedAt",
        "status",
        "sequence",
        "errorText",
        "path",
        "frames",
        "frame",
        "activity",
        "lastScreen",
        "user",
        "claims",
        "device",
        "error",
        "failure",
        "endName",
        "outputs",
        "sensitive",
        "errors"
    );

    private static readonly FlowShape FrameShape = FlowShape.Of(
        "flow",
        "version",
        "parent",
        "caller",
        "form",
        "client",
        "connectors",
        "scripts"
    );

    private static readonly FlowShape LastScreenShape = FlowShape.Of("frame", "activity");

    /// <summary>Saves a run.</summary>
    public static byte[] Save(FlowRun run)
    {
        var output = JsonBuffer.Take();
        Save(run, output);
        var state = output.WrittenSpan.ToArray();
        JsonBuffer.Return(output);
        return state;
    }

    /// <summary>Saves a run.</summary>
    public static void Save(FlowRun run, IBufferWriter<byte> output)
    {
        var frames = new List<Frame>();
        var frame = IndexOf(run.Context.Frame, frames);
        var lastScreen = FlowValue.Null;
        if (run.LastScreen is { } screen)
        {
            lastScreen = FlowValue.From(
                LastScreenShape.With(
                    FlowValue.From(IndexOf(screen.Frame, frames)),
                    FlowValue.From(screen.Frame.Plan.Nodes[screen.Position].Id)
                )
            );
        }

        var context = run.Context;
        var state = StateShape.With(
            FlowValue.From(FormatVersion),
            FlowValue.From(run.Id),
            FlowValue.From(run.StartedAt.ToString("O", CultureInfo.InvariantCulture)),
            FlowValue.From((int)run.Status),
            FlowValue.From(run.Sequence),
            FlowValue.From(run.ErrorText),
            FlowValue.Texts(run.Path),
            FlowValue.Array(frames.Select(item => Describe(item, frames))),
            FlowValue.From(frame),
            FlowValue.From(run.CurrentNode.Id),
            lastScreen,
            context.User,
            context.Claims,
            context.Device,
            context.Error,
            run.Failure?.ToValue() ?? FlowValue.Null,
            FlowValue.From(run.EndName),
            run.Outputs,
            FlowValue.Missing,
            run.Errors?.ToValue() ?? FlowValue.Missing
        );

        if (run.ErrorTextKind != ErrorTextKind.Error)
            state = state.With("errorTextKind", FlowValue.From((int)run.ErrorTextKind));
        if (run.ErrorTextSource is { } source)
            state = state.With("errorTextSource", source.ToValue());
        if (run.InputProblems.Count > 0)
            state = state.With("inputProblems", InputProblem.ToValue(run.InputProblems));
        if (run.Items is { } items && items.Sequence == run.Sequence)
            state = state.With("items", items.ToValue());
        var marked = FlowValue.From(state);
        if (state.ContainsSensitive())
            marked = FlowValue.From(state.With("sensitive", FlowValue.Texts(SensitiveMarks.Collect(marked))));
        JsonWriting.Write(output, marked);
    }

    /// <summary>The flow and version that a saved run began with, so that its plan can be found.</summary>
    /// <exception cref="RunStateException">The state is damaged.</exception>
    public static (string FlowId, int Version) FlowOf(ReadOnlySpan<byte> state)
    {
        var root = Parse(state).Get("frames").Get(0);
        return (Text(root, "flow"), Number(root, "version"));
    }

    /// <summary>Loads a run.</summary>
    /// <param name="state">What <see cref="Save(FlowRun)"/> wrote.</param>
    /// <param name="plan">The plan of the flow version that the run began with; see <see cref="FlowOf"/>. Subflows are found in it.</param>
    /// <param name="services">What the run needs from outside.</param>
    /// <exception cref="RunStateException">The state is damaged or does not fit the plan.</exception>
    public static FlowRun Load(ReadOnlySpan<byte> state, FlowPlan plan, RunServices services)
    {
        var json = SensitiveMarks.Apply(Parse(state));
        var frames = LoadFrames(json.Get("frames"), plan);
        if (
            !DateTimeOffset.TryParseExact(
                Text(json, "startedAt"),
                "O",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var startedAt
            )
        )
            throw new RunStateException("The saved run has no start time.");

        var frame = At(frames, Number(json, "frame"));
        var run = new FlowRun(Text(json, "id"), plan, startedAt, services, frame)
        {
            Status = Status(json),
            Sequence = Number(json, "sequence"),
            ErrorText = Text(json, "errorText"),
            ErrorTextKind = KindOfErrorText(json.Get("errorTextKind")),
            ErrorTextSource = FilledText.FromValue(json.Get("errorTextSource")),
            InputProblems = InputProblem.FromValue(json.Get("inputProblems")),
            Position = Position(frame.Plan, Text(json, "activity")),
            Failure = FlowError.FromValue(json.Get("failure")),
            EndName = json.Get("endName").TryGetText(out var endName) ? endName : null,
            Outputs = json.Get("outputs"),
            Errors = RunErrors.FromValue(json.Get("errors")),
            Items = ItemsDone.FromValue(json.Get("items"), Number(json, "sequence")),
        };
        if (run.Status == RunStatus.Waiting && run.Screen is null)
            throw new RunStateException($"The saved run waits at '{run.ActivityId}', which shows no screen.");
        if (json.Get("lastScreen") is { Kind: FlowValueKind.Object } screen)
        {
            var shown = At(frames, Number(screen, "frame"));
            run.LastScreen = (shown, Position(shown.Plan, Text(screen, "activity")));
        }
        if (services.Trace)
            run.TraceSteps = [];
        if (json.Get("path").TryGetArray(out var path))
        {
            foreach (var activity in path)
                run.AddToPath(activity.ToText());
        }

        run.Context.User = json.Get("user");
        run.Context.Claims = json.Get("claims");
        run.Context.Device = json.Get("device");
        run.Context.Error = json.Get("error");
        return run;
    }

    /// <summary>The index of a frame in the list, to which it and its parents are
    /// added when they are not there. A parent comes before its children.</summary>
    private static int IndexOf(Frame frame, List<Frame> frames)
    {
        var index = frames.IndexOf(frame);
        if (index >= 0)
            return index;
        if (frame.Parent is not null)
            IndexOf(frame.Parent, frames);
        frames.Add(frame);
        return frames.Count - 1;
    }

    private static FlowValue Describe(Frame frame, List<Frame> frames) =>
        FlowValue.From(
            FrameShape.With(
                FlowValue.From(frame.Plan.FlowId),
                FlowValue.From(frame.Plan.Version),
                frame.Parent is null ? FlowValue.Null : FlowValue.From(frames.IndexOf(frame.Parent)),
                frame.Parent is null ? FlowValue.Null : FlowValue.From(frame.Parent.Plan.Nodes[frame.ReturnNode].Id),
                frame.Form,
                frame.Client,
                frame.Connectors,
                frame.Scripts
            )
        );

    private static List<Frame> LoadFrames(FlowValue json, FlowPlan plan)
    {
        var frames = new List<Frame>();
        if (!json.TryGetArray(out var array) || array.Count == 0)
            throw new RunStateException("The saved run has no frames.");

        foreach (var item in array)
        {
            Frame? parent = null;
            var returnNode = -1;
            var own = plan;
            if (frames.Count > 0)
            {
                parent = At(frames, Number(item, "parent"));
                returnNode = Position(parent.Plan, Text(item, "caller"));
                own =
                    parent.Plan.Nodes[returnNode].Activity.Enters
                    ?? throw new RunStateException($"'{Text(item, "caller")}' enters no flow.");
            }
            if (own.FlowId != Text(item, "flow") || own.Version != Number(item, "version"))
                throw new RunStateException(
                    $"The saved run is on version {Number(item, "version")} of "
                        + $"'{Text(item, "flow")}', the plan on version {own.Version} of '{own.FlowId}'."
                );

            frames.Add(
                new Frame(own, parent, returnNode)
                {
                    Form = item.Get("form"),
                    Client = item.Get("client"),
                    Connectors = item.Get("connectors"),
                    Scripts = item.Get("scripts"),
                }
            );
        }
        return frames;
    }

    private static FlowValue Parse(ReadOnlySpan<byte> state)
    {
        try
        {
            var json = JsonReading.Parse(state);
            if (json.Get("format").TryGetInteger(out var format) && format == FormatVersion)
                return json;
        }
        catch (JsonException error)
        {
            throw new RunStateException("The saved run is not JSON.", error);
        }
        throw new RunStateException($"The saved run is not of format {FormatVersion}.");
    }

    private static Frame At(List<Frame> frames, int index) =>
        (uint)index < (uint)frames.Count
            ? frames[index]
            : throw new RunStateException("The saved run names a frame that it does not have.");

    private static int Position(FlowPlan plan, string activityId)
    {
        var position = plan.IndexOf(activityId);
        return position >= 0 ? position : throw new RunStateException($"The flow '{plan.FlowId}' has no activity '{activityId}'.");
    }

    private static RunStatus Status(FlowValue json)
    {
        var status = (RunStatus)Number(json, "status");
        return Enum.IsDefined(status) ? status : throw new RunStateException("The saved run has no known status.");
    }

    private static ErrorTextKind KindOfErrorText(FlowValue json) =>
        json.TryGetInteger(out var kind) && kind is >= 0 and <= (int)ErrorTextKind.Message ? (ErrorTextKind)kind : ErrorTextKind.Error;

    private static string Text(FlowValue json, string name) =>
        json.Get(name).TryGetText(out var text) ? text : throw new RunStateException($"The saved run lacks '{name}'.");

    private static int Number(FlowValue json, string name) =>
        json.Get(name).TryGetInteger(out var number) ? (int)number : throw new RunStateException($"The saved run lacks '{name}'.");
}
