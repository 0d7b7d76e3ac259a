using FlowEngine.Context;
using FlowEngine.Json;

namespace FlowEngine.ElsaFormat;

/// <summary>Per file and single-threaded: the outputs of a workflow that activities set on the way. Here an End gives them back.</summary>
internal sealed class ElsaOutputs
{
    private readonly List<(string Activity, string Name, string Key, string Origin)> _outputs = [];

    /// <summary>Says that an activity sets an output.</summary>
    /// <param name="activity">The activity.</param>
    /// <param name="name">The output.</param>
    /// <param name="key">Where the value stands: <c>scripts.KEY</c>.</param>
    /// <param name="origin">Where the activity stands in the file.</param>
    public void Add(string activity, string name, string key, string origin) => _outputs.Add((activity, name, key, origin));

    /// <summary>Whether an activity sets this output.</summary>
    public bool Sets(string name) => _outputs.Exists(output => output.Name == name);

    /// <summary>Gives each output to the Ends that are reached from where it is set.</summary>
    public void GiveToEnds(ElsaReading reading, List<FlowValue> activities, List<FlowValue> connections)
    {
        if (_outputs.Count == 0)
            return;

        var next = connections.ToLookup(
            connection => connection.Get("source").ToText(),
            connection => connection.Get("target").ToText(),
            StringComparer.Ordinal
        );
        foreach (var byName in _outputs.GroupBy(output => output.Name, StringComparer.Ordinal))
        {
            var reached = Reached(next, byName.Select(output => output.Activity));
            var (_, name, key, origin) = byName.First();
            var path = FlowValue.From("{{scripts" + ElsaVariables.Member(key) + "}}");
            var isGiven = false;
            for (var i = 0; i < activities.Count; i++)
            {
                if (activities[i].Get("type").ToText() != "End" || !reached.Contains(activities[i].Get("id").ToText()))
                    continue;
                if (With(activities[i], name, path) is { IsMissing: false } end)
                {
                    (activities[i], isGiven) = (end, true);
                    reading.Map(JsonPointer.At($"/activities/{i}/outputs", name), origin, isWhole: true);
                }
                else
                    reading.Warning(
                        ElsaErrors.Setting,
                        origin,
                        $"The End '{activities[i].Get("id").ToText()}' gives an output '{name}' of its own, not the one that "
                            + $"'{byName.First().Activity}' sets."
                    );
            }
            if (!isGiven)
                reading.Warning(
                    ElsaErrors.Setting,
                    origin,
                    $"No End gives back the output '{name}' that '{byName.First().Activity}' sets."
                );
        }
    }

    private static FlowValue With(FlowValue end, string name, FlowValue path)
    {
        var outputs = end.Get("outputs");
        if (!outputs.TryGetObject(out var members))
            members = outputs.IsNothing ? FlowObject.Empty : null;
        return members is null || !members.Get(name).IsMissing || !end.TryGetObject(out var activity)
            ? FlowValue.Missing
            : FlowValue.From(activity.With("outputs", FlowValue.From(members.With(name, path))));
    }

    private static HashSet<string> Reached(ILookup<string, string> next, IEnumerable<string> from)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Stack<string>(from);
        while (waiting.TryPop(out var id))
        {
            if (!reached.Add(id))
                continue;
            foreach (var target in next[id])
                waiting.Push(target);
        }
        return reached;
    }
}
