using System.Collections.Concurrent;
using FlowEngine.Activities;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Tests.Compilation.Paths;

/// <summary>The settings of a step of a generated flow.</summary>
public sealed class StepSettings
{
    [Setting("The paths that it reads.")]
    public JsonTemplate Reads { get; set; } = JsonTemplate.None;

    [Setting("Where it writes; nowhere when empty.", Editor = SettingEditors.ContextKey)]
    public string ContextKey { get; set; } = "";

    [Setting("The members of what it writes.")]
    public IReadOnlyList<string> Members { get; set; } = [];

    [Setting("The members of what it writes when it fails; nothing when there are none.")]
    public IReadOnlyList<string> ErrorMembers { get; set; } = [];
}

/// <summary>A step of a generated flow: it looks whether the paths that it reads
/// have a value, writes, and leaves any way it can, as chance has it.</summary>
[Activity("Step", "For tests.", Outcomes = ["Left", "Right"], ErrorEvents = ["Failed", "Broken"], CanRunInParallel = true)]
public sealed class Step : FlowActivity
{
    private readonly StepSettings _settings;
    private readonly List<(string Place, ContextPath Path)> _paths = [];

    public Step(StepSettings settings, ActivityCompilation compilation)
    {
        _settings = settings;
        compilation.Definition.Json.Get("reads").TryGetArray(out var reads);
        for (var i = 0; i < (reads?.Count ?? 0); i++)
        {
            Assert.True(ContextPath.TryParse(reads![i].ToText()[2..^2], out var path, out _));
            var at = compilation.Definition.Location.At("reads").At(i);
            _paths.Add(($"{at.File}#{at.Pointer}", path!));
        }
    }

    public override ContextWrites WritesByOutcome(int outcome) => Writes(_settings.Members);

    public override ContextWrites WritesByError(int errorEvent) => Writes(_settings.ErrorMembers);

    public override ValueTask<Outcome> ExecuteAsync(RunContext context, CancellationToken cancellationToken)
    {
        var wanderer = Wanderer.Of(context.Run.Id);
        foreach (var (place, path) in _paths)
            wanderer.Saw(place, path, context);

        var way = wanderer.Next(6);
        Write(context, way < 4 ? _settings.Members : _settings.ErrorMembers);
        return new(way < 4 ? Outcome.Port(way % 2) : Outcome.Error(way - 4, FlowErrors.Value, "As chance had it."));
    }

    private ContextWrites Writes(IReadOnlyList<string> members) =>
        _settings.ContextKey.Length == 0 || members.Count == 0
            ? ContextWrites.Nothing
            : ContextWrites.Connector(_settings.ContextKey, ValueShape.Object(members.Select(name => (name, ValueShape.Scalar))));

    private void Write(RunContext context, IReadOnlyList<string> members)
    {
        if (_settings.ContextKey.Length == 0 || members.Count == 0)
            return;
        var value = new FlowObjectBuilder();
        foreach (var name in members)
            value.Set(name, FlowValue.From(1));
        context.SetConnector(_settings.ContextKey, FlowValue.From(value.Build()));
    }
}

/// <summary>Per run: the chance that decides its way, and what it saw of the paths that are read.</summary>
internal sealed class Wanderer(Random random)
{
    private static readonly ConcurrentDictionary<string, Wanderer> All = new(StringComparer.Ordinal);

    private readonly Lock _lock = new();

    /// <summary>Of each place and path whether it ever had a value, and whether it ever had none.</summary>
    public Dictionary<(string Place, string Path), (bool Had, bool Lacked)> Seen { get; } = [];

    public static Wanderer Of(string runId) => All[runId];

    public static Wanderer For(string runId, Random random) => All[runId] = new Wanderer(random);

    public static void Forget(string runId) => All.TryRemove(runId, out _);

    public int Next(int count)
    {
        lock (_lock)
            return random.Next(count);
    }

    public void Saw(string place, ContextPath path, RunContext context)
    {
        var isMissing = path.Evaluate(context).IsMissing;
        lock (_lock)
        {
            var (had, lacked) = Seen.GetValueOrDefault((place, path.Text));
            Seen[(place, path.Text)] = (had || !isMissing, lacked || isMissing);
        }
    }
}
