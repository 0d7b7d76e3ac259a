using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Json;

namespace FlowEngine.ElsaFormat;

/// <summary>Per file and single-threaded: the outputs of a workflow that activities set on the way. Here an End gives them back.</summary>
internal sealed class ElsaOutputs
{
    /// <summary>How many outputs a workflow may set: each is followed through all of the flow, and given to each End.</summary>
    public const int Most = 100;

    private readonly List<string> _names = [];
    private readonly Dictionary<string, List<(string Activity, string Origin)>> _setters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _keys = new(StringComparer.Ordinal);

    /// <summary>How many steps it took to give the outputs to the Ends: at worst, what the flow consists of for each output.</summary>
    public long Steps { get; private set; }

    /// <summary>Where the value of an output stands, <c>scripts.KEY</c>: one place for all that set the same output, as the last one
    /// counts.</summary>
    public string KeyOf(string output, ElsaReading reading)
    {
        if (!_keys.TryGetValue(output, out var key))
            _keys[output] = key = reading.NewId(ElsaHttpRequest.ContextKey("output-" + output));
        return key;
    }

    /// <summary>Says that an activity sets an output.</summary>
    /// <param name="activity">The activity.</param>
    /// <param name="name">The output.</param>
    /// <param name="origin">Where the activity stands in the file.</param>
    public void Add(string activity, string name, string origin)
    {
        if (!_setters.TryGetValue(name, out var setters))
        {
            _setters[name] = setters = [];
            _names.Add(name);
        }
        setters.Add((activity, origin));
    }

    /// <summary>Whether an activity sets this output.</summary>
    public bool Sets(string name) => _setters.ContainsKey(name);

    /// <summary>Gives each output to the Ends that are reached from where it is set.</summary>
    public void GiveToEnds(ElsaReading reading, List<FlowValue> activities, List<FlowValue> connections)
    {
        if (_names.Count == 0)
            return;

        if (_names.Count > Most)
            reading.Error(
                FlowErrors.TooLarge,
                _setters[_names[Most]][0].Origin,
                $"{_names.Count} outputs are set; {Most} are allowed. '{_names[Most]}' and those after it are given back by no End."
            );
        var ways = new Ways(activities, connections);
        var given = new Dictionary<int, FlowObjectBuilder>();
        foreach (var name in _names.Take(Most))
            Give(reading, name, activities, ways, given);
        foreach (var (index, outputs) in given)
        {
            activities[index].TryGetObject(out var end);
            activities[index] = FlowValue.From(end!.With("outputs", FlowValue.From(outputs.Build())));
        }
        Steps = ways.Steps;
    }

    private void Give(ElsaReading reading, string name, List<FlowValue> activities, Ways ways, Dictionary<int, FlowObjectBuilder> given)
    {
        var setters = _setters[name];
        var (activity, origin) = setters[0];
        var path = FlowValue.From("{{scripts" + ElsaVariables.Member(_keys[name]) + "}}");
        var isGiven = false;
        foreach (var index in ways.EndsFrom(setters.Select(setter => setter.Activity)))
        {
            var own = activities[index].Get("outputs");
            if (own.IsNothing || own.Kind == FlowValueKind.Object && own.Get(name).IsMissing)
            {
                if (!given.TryGetValue(index, out var outputs))
                    given[index] = outputs = new FlowObjectBuilder(own.TryGetObject(out var members) ? members : FlowObject.Empty);
                outputs.Set(name, path);
                isGiven = true;
                reading.Map(JsonPointer.At($"/activities/{index}/outputs", name), origin, isWhole: true);
            }
            else
                reading.Warning(
                    ElsaErrors.Setting,
                    origin,
                    $"The End '{activities[index].Get("id").ToText()}' gives an output '{name}' of its own, not the one that "
                        + $"'{activity}' sets."
                );
        }
        if (!isGiven)
            reading.Warning(ElsaErrors.Setting, origin, $"No End gives back the output '{name}' that '{activity}' sets.");
    }

    /// <summary>Per file: which Ends are reached from where.</summary>
    private sealed class Ways
    {
        private readonly Dictionary<string, int> _indices = new(StringComparer.Ordinal);
        private readonly List<int>[] _next;
        private readonly int[] _ends;

        /// <summary>By activity, the number of the last search that came there.</summary>
        private readonly int[] _seen;

        private int _searches;

        public Ways(List<FlowValue> activities, List<FlowValue> connections)
        {
            for (var i = 0; i < activities.Count; i++)
                _indices.TryAdd(activities[i].Get("id").ToText(), i);
            _ends = [.. Enumerable.Range(0, activities.Count).Where(i => activities[i].Get("type").ToText() == "End")];
            _seen = new int[activities.Count];
            _next = new List<int>[activities.Count];
            foreach (var connection in connections)
            {
                if (
                    _indices.TryGetValue(connection.Get("source").ToText(), out var source)
                    && _indices.TryGetValue(connection.Get("target").ToText(), out var target)
                )
                    (_next[source] ??= []).Add(target);
            }
        }

        public long Steps { get; private set; }

        /// <summary>The Ends, in the order of the file, to which any of these activities leads.</summary>
        public IEnumerable<int> EndsFrom(IEnumerable<string> activities)
        {
            _searches++;
            var waiting = new Stack<int>();
            foreach (var activity in activities)
            {
                if (_indices.TryGetValue(activity, out var index))
                    Reach(index);
            }
            while (waiting.TryPop(out var at))
            {
                foreach (var target in _next[at] ?? [])
                    Reach(target);
            }
            Steps += _ends.Length;
            return _ends.Where(end => _seen[end] == _searches);

            void Reach(int at)
            {
                Steps++;
                if (_seen[at] == _searches)
                    return;
                _seen[at] = _searches;
                waiting.Push(at);
            }
        }
    }
}
