using System.Runtime.InteropServices;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Json;

namespace FlowEngine.ElsaFormat;

/// <summary>Per file and single-threaded: turns a workflow definition into a
/// flow: variables, activities, connections, start, then the rest.</summary>
internal sealed class ElsaReading
{
    private readonly FlowValue _definition;
    private readonly FlowValue _chart;
    private readonly FlowValue _mark;
    private readonly ElsaPointers _pointers;
    private readonly DiagnosticBag _problems;
    private readonly SourceLocation _file;
    private readonly List<FlowValue> _activities = [];
    private readonly List<FlowValue> _connections = [];
    private readonly FlowObjectBuilder _designer = new();
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    /// <summary>By the id of an activity of Elsa: what its ports are here. An activity without an entry keeps its ports.</summary>
    private readonly Dictionary<string, Dictionary<string, (string Activity, string Port)>> _ports = new(StringComparer.Ordinal);

    /// <summary>Outcomes that Elsa may leave unconnected, because a flowchart without work left is complete.</summary>
    private readonly List<(string Activity, string Port, string Origin)> _mayEnd = [];

    /// <summary>What our connections said beyond source, port and target, by their index.</summary>
    private readonly Dictionary<long, FlowValue> _annotations = [];

    /// <summary>The same by their ends, for connections that Elsa moved.</summary>
    private readonly Dictionary<(string, string, string), FlowValue> _annotationsByEnds = [];

    /// <summary>Where the wrapper of the activity stands that is being read; null when it stands in the file itself.</summary>
    private string? _wrapper;

    /// <summary>The activities that only lead on, Start and joins: a connection to one leads to what comes after it.</summary>
    private readonly HashSet<string> _leadOn = new(StringComparer.Ordinal);

    private bool _hasStart;

    /// <summary>How many connections lead to an activity.</summary>
    private readonly Dictionary<string, int> _incoming = new(StringComparer.Ordinal);

    private readonly HashSet<string> _usedPorts = new(StringComparer.Ordinal);
    private readonly ElsaSequences _sequences = new();
    private readonly ElsaOutputs _outputs = new();

    /// <summary>What only leads on, and the bend points of what leaves it: here it is no activity.</summary>
    private readonly List<FlowValue> _passed = [];

    /// <summary>Forks and joins that our writer gave back as they were kept.</summary>
    private readonly HashSet<string> _kept;

    private ElsaForks _forks = new([], [], []);

    /// <summary>The activities of the fork whose branches are being read, its id, and where they will stand; null otherwise.</summary>
    private (List<FlowValue> Activities, string Id, string Pointer)? _fork;

    private readonly HashSet<string> _connectors = new(StringComparer.Ordinal);

    public ElsaReading(FlowValue definition, ElsaPointers pointers, SourceLocation file, DiagnosticBag problems)
    {
        _definition = definition;
        _chart = definition.Get("root");
        _mark = definition.Get("customProperties").Get(ElsaNames.Mark);
        _pointers = pointers;
        _file = file;
        _problems = problems;
        _kept = [.. ElsaChart.Elements(_mark.Get(ElsaNames.Kept)).Select(id => id.ToText())];
        foreach (var note in ElsaChart.Elements(_mark.Get("connections")))
        {
            if (note.Get("connection").TryGetInteger(out var index))
                _annotations[index] = note;
            if (!note.Get("source").IsMissing)
                _annotationsByEnds.TryAdd((note.Get("source").ToText(), note.Get("port").ToText(), note.Get("target").ToText()), note);
        }
    }

    /// <summary>The outputs that are set on the way.</summary>
    public ElsaOutputs Outputs => _outputs;

    /// <summary>Where Elsa's variables stand in the context.</summary>
    public ElsaVariables Variables { get; } = new();

    private bool IsOurs => _mark.Kind == FlowValueKind.Object;

    private bool IsFlowchart => _chart.Get("type").ToText() == ElsaNames.Flowchart;

    public FlowValue Read()
    {
        var list = _chart.Get("activities");
        var place = IsFlowchart ? ElsaChart.PlaceOfElements(list, "/root/activities") : null;
        var written = IsFlowchart ? ElsaChart.Elements(list) : [_chart];
        for (var i = 0; i < written.Count; i++)
            _sequences.Expand(written[i], place is null ? "/root" : $"{place}/{i}", Variables);
        var nodes = _sequences.Nodes.Select(node => node.Json).ToList();
        var connections = IsFlowchart ? ElsaNotFound.Connections(_chart).ConvertAll(_sequences.Resolve) : [];

        ReadVariables(nodes);
        var apart = _sequences.Links.SelectMany(link => new[] { link.Source, link.Target });
        _forks = new ElsaForks(_sequences.Nodes, connections, apart.Concat(_kept));
        foreach (var connection in connections)
        {
            _usedPorts.Add(Port(connection.Source, connection.Port));
            _incoming[connection.Target] = _incoming.GetValueOrDefault(connection.Target) + 1;
        }
        foreach (var node in _sequences.Nodes)
        {
            if (!_forks.IsInside(node.Json.Get("id").ToText()))
                ReadActivity(node);
        }
        _wrapper = null;
        var start = Connect(nodes, connections);
        ConnectSequences();
        End();
        _outputs.GiveToEnds(this, _activities, _connections);
        return Assemble(start ?? FindStart(nodes, connections));
    }

    // What the readers of single activities use.

    /// <summary>Whether an outcome of an Elsa activity is connected.</summary>
    public bool IsConnected(string activity, string port) => _usedPorts.Contains(Port(activity, port));

    /// <summary>Adds an activity that stands for one of Elsa's.</summary>
    /// <param name="activity">The activity.</param>
    /// <param name="origin">Where the Elsa activity stands.</param>
    /// <param name="isWhole">Whether problems inside the activity are reported at the Elsa activity as a whole.</param>
    /// <returns>The pointer of the new activity.</returns>
    public string Add(FlowValue activity, string origin, bool isWhole)
    {
        var (activities, place) = _fork is { } fork ? (fork.Activities, fork.Pointer) : (_activities, "/activities");
        var pointer = $"{place}/{activities.Count}";
        activities.Add(activity);
        Map(pointer, origin, isWhole);
        return pointer;
    }

    /// <summary>Says that a part of the flow comes from a place in the Elsa file.</summary>
    public void Map(string pointer, string origin, bool isWhole)
    {
        if (isWhole || _wrapper is not null)
            _pointers.AddWhole(pointer, _wrapper ?? origin);
        else
            _pointers.Add(pointer, origin);
    }

    /// <summary>Adds a connection that Elsa's flow does not have.</summary>
    public void AddConnection(string source, string port, string target, string origin)
    {
        _pointers.AddWhole($"/connections/{_connections.Count}", origin);
        _connections.Add(
            FlowValue.Object(("source", FlowValue.From(source)), ("port", FlowValue.From(port)), ("target", FlowValue.From(target)))
        );
    }

    /// <summary>Says by which outcomes of ours the ports of an Elsa activity are left.</summary>
    public void SetPorts(string activity, Dictionary<string, (string Activity, string Port)> ports) => _ports.TryAdd(activity, ports);

    /// <summary>Says that the flow ends where this outcome has no connection.</summary>
    public void MayEnd(string activity, string port, string origin)
    {
        if (_fork is null)
            _mayEnd.Add((activity, port, origin));
    }

    /// <summary>Says that an activity sets an output, or the Parallel in which it stands.</summary>
    public void SetsOutput(string activity, string name, string origin) => _outputs.Add(_fork?.Id ?? activity, name, origin);

    /// <summary>An id that no activity has yet.</summary>
    public string NewId(string wanted)
    {
        var id = wanted;
        ref var last = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, wanted, out _);
        // Where the search for the same id ended before it goes on: a file may ask for one id ten thousand times.
        for (last = Math.Max(last, 1); !_ids.Add(id); )
            id = $"{wanted}{++last}";
        return id;
    }

    public bool IsNewConnector(string id) => _connectors.Add(id);

    public SourceLocation At(string pointer) => SourceLocation.Root(_file.File, _ => pointer);

    public void Error(ErrorCode code, string pointer, string message, string? advice = null) =>
        _problems.Error(code, At(_wrapper ?? pointer), message, advice);

    public void Warning(ErrorCode code, string pointer, string message, string? advice = null) =>
        _problems.Warning(code, At(_wrapper ?? pointer), message, advice);

    /// <summary>Keeps an Elsa activity that has no equal: an activity of its type, with all that Elsa wrote.</summary>
    public static FlowObject Keep(FlowValue node)
    {
        var kept = new FlowObjectBuilder(3);
        kept.Set("id", node.Get("id"));
        kept.Set("type", node.Get("type"));
        kept.Set(ElsaNames.Kept, node);
        return kept.Build();
    }

    /// <summary>Whether an Elsa type is mapped to one of ours.</summary>
    public static bool HasEqual(string type) =>
        type.StartsWith(ElsaNames.TypePrefix, StringComparison.Ordinal)
        || type is ElsaNotFound.Type or ElsaSequences.Type
        || IsForkOrJoin(type)
        || type is "Elsa.Start" or "Elsa.End" or "Elsa.Finish" or "Elsa.FlowDecision" or "Elsa.FlowSwitch"
        || type is ElsaValues.WriteLine or ElsaValues.SetOutput
        || ElsaHttpRequest.IsType(type);

    /// <summary>Whether an Elsa type has an equal only together with others.</summary>
    public static bool IsForkOrJoin(string type) => type is ElsaForks.Fork or ElsaForks.Join;

    /// <summary>What the designer's map says of an Elsa activity; missing when Elsa's designer did not place it.</summary>
    public static FlowValue DesignerEntry(FlowValue node)
    {
        var designer = node.Get("metadata").Get("designer");
        var mark = node.Get("customProperties").Get(ElsaNames.Mark);
        var position = designer.Get("position");
        if (mark.Get("placed") is { IsMissing: false } placed && placed == position)
            return mark.Get("designer");

        var entry = new FlowObjectBuilder();
        if (ElsaActivityWriter.IsPosition(position))
        {
            entry.Set("x", position.Get("x"));
            entry.Set("y", position.Get("y"));
        }
        if (designer.Get("size").Kind == FlowValueKind.Object)
            entry.Set("size", designer.Get("size"));
        if (mark.Get("designer").TryGetObject(out var more))
        {
            foreach (var (name, value) in more)
            {
                if (name is not ("x" or "y"))
                    entry.Set(name, value);
            }
        }
        return entry.Count == 0 ? FlowValue.Missing : FlowValue.From(entry.Build());
    }

    /// <summary>What our connection said beyond source, port and target; its index may be that of another since.</summary>
    private FlowValue FindNote(ElsaConnection connection, int index)
    {
        if (
            _annotations.TryGetValue(index, out var note)
            && note.Get("target") == FlowValue.From(connection.Target)
            && (note.Get("source").IsMissing || note.Get("source") == FlowValue.From(connection.Source))
            && (note.Get("port").IsMissing || note.Get("port") == FlowValue.From(connection.Port))
        )
            return note;
        if (ElsaChart.Elements(_chart.Get("customProperties").Get(ElsaNotFound.MovedConnections)).Count == 0)
            return FlowValue.Missing;
        return _annotationsByEnds.GetValueOrDefault((connection.Source, connection.Port, connection.Target));
    }

    private static string Port(string activity, string port) => $"{activity}\n{port}";

    private void ReadVariables(IReadOnlyList<FlowValue> nodes)
    {
        Variables.Declare(_definition.Get("variables"));
        if (IsFlowchart)
            Variables.Declare(_chart.Get("variables"));
        foreach (var node in nodes)
        {
            if (node.Get("id").TryGetText(out var id))
                _ids.Add(id);
            if (ElsaHttpRequest.IsType(node.Get("type").ToText()))
                ElsaHttpRequest.BindOutputs(node, Variables);
        }
    }

    private void ReadActivity(ElsaNode node)
    {
        // What is inside a wrapper has no place of its own: it is one text.
        _wrapper = node.Wrapper;
        ReadActivity(node.Json, node.Origin);
    }

    private void ReadActivity(FlowValue node, string origin)
    {
        if (node.Kind != FlowValueKind.Object)
        {
            Error(FlowErrors.Type, origin, "An activity is not an object.");
            return;
        }

        node.Get("id").TryGetText(out var id);
        node.Get("type").TryGetText(out var type);
        if (
            type == "Elsa.Start"
            || type == ElsaForks.Join && IsPassedThrough(node, id ?? "") && IsConnected(id ?? "", ElsaChart.DefaultPort)
        )
        {
            _hasStart |= type == "Elsa.Start";
            _leadOn.Add(id ?? "");
            _passed.Add(node);
            return;
        }
        if (id is not null && DesignerEntry(node) is { IsMissing: false } entry)
            _designer.Set(id, entry);

        switch (type)
        {
            case "Elsa.End" or "Elsa.Finish":
                ElsaActivityReader.ReadEnd(this, node, id ?? "", origin);
                break;
            case ElsaForks.Join when IsPassedThrough(node, id ?? ""):
                ElsaActivityReader.ReadEnd(this, node, id ?? "", origin);
                break;
            case ElsaForks.Fork when _forks.Find(id ?? "") is { } fork:
                ReadFork(fork, id ?? "");
                break;
            case "Elsa.FlowDecision":
                ElsaActivityReader.ReadDecision(this, node, id ?? "", origin);
                break;
            case "Elsa.FlowSwitch":
                ElsaActivityReader.ReadSwitch(this, node, id ?? "", origin);
                break;
            case ElsaValues.WriteLine or ElsaValues.SetOutput:
                if (!ElsaValues.TryRead(this, node, id ?? "", origin))
                    ReadUnsupported(node, id, type, origin);
                break;
            default:
                if (type?.StartsWith(ElsaNames.TypePrefix, StringComparison.Ordinal) == true)
                    ElsaActivityReader.ReadOwn(this, node, origin);
                else if (!ElsaHttpRequest.IsType(type ?? "") || !ElsaHttpRequest.TryRead(this, node, id ?? "", origin))
                    ReadUnsupported(node, id, type, origin);
                break;
        }
    }

    /// <summary>Whether a join waits for nothing: here one branch runs at a time, and Parallel joins its own.</summary>
    private bool IsPassedThrough(FlowValue node, string id)
    {
        return !_kept.Contains(id) && (_incoming.GetValueOrDefault(id) < 2 || ElsaForks.ModeOf(node) is "WaitAny" or "WaitAllActive");
    }

    /// <summary>A fork, what it leads to, and its join are one Parallel, which keeps what Elsa says of fork and join.</summary>
    private void ReadFork(ElsaFork fork, string id)
    {
        var activities = new List<FlowValue>(fork.Branches.Count);
        _fork = (activities, id, $"/activities/{_activities.Count}/activities");
        foreach (var branch in fork.Branches)
            ReadActivity(branch);
        _fork = null;

        _wrapper = fork.Node.Wrapper;
        ElsaActivityReader.Remainder(fork.Node.Json).Get(ElsaNames.Kept).TryGetObject(out var kept);
        kept = kept!
            .With("join", fork.Join.Json)
            .With("connections", FlowValue.Array(fork.Connections.Select(connection => connection.Json)));
        Add(
            FlowValue.Object(
                ("id", FlowValue.From(id)),
                ("type", FlowValue.From("Parallel")),
                ("activities", FlowValue.Array(activities)),
                ("metadata", FlowValue.Object((ElsaNames.Kept, FlowValue.From(kept))))
            ),
            fork.Node.Origin,
            isWhole: true
        );
        var join = fork.Join.Json.Get("id").ToText();
        SetPorts(join, new(StringComparer.Ordinal) { [ElsaChart.DefaultPort] = (id, ElsaNames.Success) });
        MayEnd(id, ElsaNames.Success, fork.Join.Origin);
    }

    private void ReadUnsupported(FlowValue node, string? id, string? type, string origin)
    {
        if (type == ElsaForks.Fork)
            Error(
                ElsaErrors.Activity,
                origin,
                $"The fork '{id}' has no equal here: at least one of its branches is not one activity that leads, when it has succeeded, "
                    + "to the join that waits for all of them.",
                "Use Parallel, and a Subflow where a branch has several steps."
            );
        else if (!HasEqual(type ?? "") || type is ElsaNotFound.Type or ElsaSequences.Type or ElsaForks.Join)
            Error(ElsaErrors.Activity, origin, $"The activity '{id}' has the type '{type}', which has no equal here.");
        Add(FlowValue.From(Keep(node)), origin, isWhole: false);
    }

    /// <summary>Reads the connections.</summary>
    /// <returns>The id that Elsa's Start leads to; null without a Start.</returns>
    private string? Connect(IReadOnlyList<FlowValue> nodes, List<ElsaConnection> connections)
    {
        var afterStart = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var connection in connections)
        {
            if (_leadOn.Contains(connection.Source) && !afterStart.TryAdd(connection.Source, connection.Target))
                Error(
                    ElsaErrors.Connection,
                    connection.Pointer,
                    $"'{connection.Source}' leads to several activities at once.",
                    "Use Parallel to do several things at once."
                );
        }

        for (var i = 0; i < connections.Count; i++)
        {
            var connection = connections[i];
            if (_leadOn.Contains(connection.Source))
            {
                if (ElsaChart.Elements(connection.Json.Get("vertices")).Count > 0)
                    _passed.Add(connection.Json);
                continue;
            }
            if (_forks.IsInside(connection))
                continue;
            if (connection.Json.Kind != FlowValueKind.Object)
            {
                Error(FlowErrors.Type, connection.Pointer, "A connection is not an object.");
                continue;
            }
            AddConnection(connection, Resolve(connection.Target), i);
        }

        var start = nodes.FirstOrDefault(node => node.Get("type").ToText() == "Elsa.Start");
        if (start.IsMissing)
            return null;
        if (Resolve(start.Get("id").ToText()) is { Length: > 0 } first && !_leadOn.Contains(first))
            return first;

        // Start leads nowhere: the flow ends at once.
        var end = NewId("end");
        Add(FlowValue.Object(("id", FlowValue.From(end)), ("type", FlowValue.From("End"))), "/root", isWhole: true);
        return end;

        // A connection to Start leads on to what comes after it.
        string Resolve(string target)
        {
            var first = target;
            var hops = 0;
            for (; hops <= _leadOn.Count && afterStart.TryGetValue(target, out var next); hops++)
                target = next;
            // The way is walked once, however many connections lead to its beginning.
            if (hops > 1)
                afterStart[first] = target;
            return target;
        }
    }

    /// <summary>In a sequence an activity is followed by the next, whichever outcome it has.</summary>
    private void ConnectSequences()
    {
        foreach (var (source, target, origin) in _sequences.Links)
        {
            if (_ports.TryGetValue(source, out var ports))
            {
                foreach (var (activity, port) in ports.Values.Distinct())
                    AddConnection(activity, port, target, origin);
            }
            else
                Error(
                    ElsaErrors.Connection,
                    origin,
                    $"'{source}' is followed by '{target}' in a sequence, whichever outcome it has; which those are is not known here.",
                    "Put both into a flowchart, and connect the outcomes."
                );
        }
    }

    private void AddConnection(ElsaConnection connection, string target, int index)
    {
        var (source, port) = (connection.Source, connection.Port);
        if (_ports.TryGetValue(source, out var ports))
        {
            if (ports.TryGetValue(port, out var ours))
            {
                (source, port) = ours;
            }
            else
            {
                var known = ports.Count == 0 ? "it has no outcomes" : $"it has: {string.Join(", ", ports.Keys)}";
                Error(ElsaErrors.Connection, connection.Places.Port, $"'{source}' cannot be left by '{port}' here; {known}.");
            }
        }

        var written = new FlowObjectBuilder(4);
        written.Set("source", FlowValue.From(source));
        written.Set("port", FlowValue.From(port));
        written.Set("target", FlowValue.From(target));
        if (ElsaChart.Elements(connection.Json.Get("vertices")) is { Count: > 0 } vertices)
            written.Set("vertices", FlowValue.Array(vertices));
        if (FindNote(connection, index).Get("members").TryGetObject(out var members))
        {
            foreach (var (name, value) in members)
                written.Set(name, value);
        }

        var pointer = $"/connections/{_connections.Count}";
        var places = connection.Places;
        _pointers.Add(pointer, connection.Pointer);
        _pointers.Add(pointer + "/source", places.Source);
        _pointers.Add(pointer + "/port", places.Port);
        _pointers.Add(pointer + "/target", places.Target);
        _connections.Add(FlowValue.From(written.Build()));
    }

    /// <summary>Leads the outcomes that Elsa leaves unconnected to an End.</summary>
    private void End()
    {
        if (_mayEnd.Count == 0)
            return;

        var connected = _connections
            .Select(connection => Port(connection.Get("source").ToText(), connection.Get("port").ToText()))
            .ToHashSet(StringComparer.Ordinal);
        string? end = null;
        foreach (var (activity, port, origin) in _mayEnd)
        {
            if (!connected.Add(Port(activity, port)))
                continue;
            if (end is null)
            {
                end = NewId("end");
                Add(FlowValue.Object(("id", FlowValue.From(end)), ("type", FlowValue.From("End"))), "/root", isWhole: true);
            }
            AddConnection(activity, port, end, origin);
        }
    }

    /// <summary>Elsa writes no start, and finds it in this order: a Start, an activity
    /// that can start the workflow, the first that nothing leads to, the first.</summary>
    private string FindStart(IReadOnlyList<FlowValue> nodes, List<ElsaConnection> connections)
    {
        if (IsOurs && _definition.Get("customProperties").Get("start").TryGetText(out var own))
            return own;

        var objects = nodes.Where(node => node.Kind == FlowValueKind.Object).ToList();
        var targets = connections
            .Select(connection => connection.Target)
            .Concat(_sequences.Links.Select(link => link.Target))
            .ToHashSet(StringComparer.Ordinal);
        var start = objects.Find(node => node.Get("customProperties").Get("canStartWorkflow") == FlowValue.True);
        if (start.IsMissing)
            start = objects.Find(node => !targets.Contains(node.Get("id").ToText()));
        if (start.IsMissing && objects.Count > 0)
            start = objects[0];
        return start.Get("id").ToText();
    }

    private FlowValue Assemble(string start)
    {
        var flow = new FlowObjectBuilder(16);
        var custom = _definition.Get("customProperties");
        var absent = ElsaChart.Elements(_mark.Get("absent"));
        SetText(flow, "id", "definitionId", absent);
        SetText(flow, "name", "name", absent);
        if (_definition.Get("description").Kind == FlowValueKind.String)
            flow.Set("description", _definition.Get("description"));
        if (!IsOurs || !custom.Get("start").IsMissing || _hasStart)
            flow.Set("start", IsOurs && !_hasStart ? custom.Get("start") : FlowValue.From(start));

        Order();
        SetList(flow, "activities", _activities, absent);
        SetList(flow, "connections", _connections, absent);
        if (IsOurs && custom.TryGetObject(out var properties))
        {
            foreach (var (name, value) in properties)
            {
                if (name is not (ElsaNames.Mark or "start"))
                    flow.Set(name, value);
                _pointers.Add(JsonPointer.At(JsonPointer.Root, name), JsonPointer.At("/customProperties", name));
            }
        }

        SetInputs(flow, custom.Get("inputs"));
        SetDesigner(flow, custom.Get("designer"));
        KeepForeign(flow);
        if (_mark.Get("members").TryGetObject(out var members))
        {
            foreach (var (name, value) in members)
                flow.Set(name, value);
        }
        _pointers.Add("/id", "/definitionId");
        _pointers.Add("/activities", "/root/activities");
        _pointers.Add("/connections", "/root/connections");
        if (!IsOurs)
            _pointers.AddWhole("/start", "/root");
        return FlowValue.From(flow.Build());
    }

    private void SetText(FlowObjectBuilder flow, string name, string elsaName, IReadOnlyList<FlowValue> absent)
    {
        var value = _definition.Get(elsaName);
        var isAbsent = absent.Contains(FlowValue.From(name)) && value == _definition.Get("definitionId");
        if (value.Kind == FlowValueKind.String && !isAbsent)
            flow.Set(name, value);
    }

    /// <summary>Brings the activities back into the order that they had before the start was put first.</summary>
    private void Order()
    {
        if (!_mark.Get("startIndex").TryGetInteger(out var index) || index <= 0 || index >= _activities.Count)
            return;
        var start = _definition.Get("customProperties").Get("start");
        var from = _activities.FindIndex(activity => activity.Get("id") == start);
        if (from != 0)
            return;

        var first = _activities[0];
        _activities.RemoveAt(0);
        _activities.Insert((int)index, first);
        _pointers.Renumber(
            "/activities/",
            old =>
                old == 0 ? (int)index
                : old <= index ? old - 1
                : old
        );
    }

    private void SetList(FlowObjectBuilder flow, string name, List<FlowValue> list, IReadOnlyList<FlowValue> absent)
    {
        var all = PutBackKept(name, list);
        if (all.Count > 0 || !absent.Contains(FlowValue.From(name)))
            flow.Set(name, FlowValue.Array(all));
    }

    /// <summary>Puts the elements that Elsa has no place for back among the others, each at its index.</summary>
    private List<FlowValue> PutBackKept(string name, List<FlowValue> list)
    {
        var kept = ElsaChart.Elements(_mark.Get(name + "Kept"));
        if (kept.Count == 0)
            return list;

        var all = new List<FlowValue>(list.Count + kept.Count);
        var places = new List<int>(list.Count);
        var next = 0;
        foreach (var element in list)
        {
            while (next < kept.Count && kept[next].Get("index").TryGetInteger(out var index) && index == all.Count)
                all.Add(kept[next++].Get("value"));
            places.Add(all.Count);
            all.Add(element);
        }
        for (; next < kept.Count; next++)
            all.Add(kept[next].Get("value"));
        _pointers.Renumber($"/{name}/", old => places[old]);
        return all;
    }

    private void SetInputs(FlowObjectBuilder flow, FlowValue own)
    {
        own.TryGetObject(out var inputs);
        if (IsOurs && !own.IsMissing && inputs is null)
            return;

        var all = new FlowObjectBuilder(inputs ?? FlowObject.Empty);
        var known = all.Count;
        var list = _definition.Get("inputs");
        var place = ElsaChart.PlaceOfElements(list, "/inputs");
        var elements = ElsaChart.Elements(list);
        for (var i = 0; i < elements.Count; i++)
        {
            if (!elements[i].Get("name").TryGetText(out var name) || !all.Get(name).IsMissing)
                continue;
            var isArray = elements[i].Get("isArray") == FlowValue.True;
            all.Set(name, FlowValue.Object(("type", FlowValue.From(ElsaTypes.ToInput(elements[i].Get("type").ToText(), isArray)))));
            _pointers.AddWhole(JsonPointer.At("/inputs", name), JsonPointer.At(place, i));
        }
        if (all.Count > known)
            flow.Set("inputs", FlowValue.From(all.Build()));
    }

    private void SetDesigner(FlowObjectBuilder flow, FlowValue own)
    {
        own.TryGetObject(out var map);
        var entries = _designer.Build();
        if (map is null && entries.Count == 0)
            return;

        map ??= FlowObject.Empty;
        var all = new FlowObjectBuilder(map.Count + entries.Count);
        foreach (var (id, entry) in map)
            all.Set(id, entry);
        foreach (var (id, entry) in entries)
            all.Set(id, entry);
        flow.Set("designer", FlowValue.From(all.Build()));
    }

    /// <summary>Keeps what the definition says beyond its flowchart, and of sequences and what only leads on. One that is ours says the
    /// first itself.</summary>
    private void KeepForeign(FlowObjectBuilder flow)
    {
        if (IsOurs)
        {
            var own = _definition.Get("customProperties").Get(ElsaNames.Kept);
            if (_sequences.Kept.Count + _passed.Count == 0)
                return;
            if (own.IsMissing || own.Kind == FlowValueKind.Object)
                flow.Set(ElsaNames.Kept, FlowValue.From(WithPassed(own.TryGetObject(out var before) ? before : FlowObject.Empty)));
            else
                Warning(
                    ElsaErrors.Setting,
                    "/root/activities",
                    "What Elsa says of sequences, Start and joins, their names and places, is not kept: the flow's member "
                        + $"'{ElsaNames.Kept}' is no object."
                );
            return;
        }

        _definition.TryGetObject(out var definition);
        _chart.TryGetObject(out var chart);
        var kept = ElsaWriter.Without(definition!, name => name is "definitionId" or "name" or "description" or "root");
        if (IsFlowchart || _sequences.Links.Count > 0)
            kept = kept.With("root", FlowValue.From(ElsaWriter.Without(chart!, name => name is "activities" or "connections")));
        kept = WithPassed(kept);
        flow.Set(ElsaNames.Kept, FlowValue.From(kept));
        _pointers.Add("/" + ElsaNames.Kept, "");
        var unset = ElsaChart
            .Elements(_definition.Get("outputs"))
            .Select(output => output.Get("name").ToText())
            .Where(name => !_outputs.Sets(name))
            .ToList();
        if (unset.Count > 0)
            Warning(
                ElsaErrors.Setting,
                "/outputs",
                $"The workflow's outputs {string.Join(", ", unset.Select(name => $"'{name}'"))} are not mapped.",
                "Give the outputs to an End."
            );
    }

    private FlowObject WithPassed(FlowObject kept) => With(With(kept, "sequences", _sequences.Kept), "passed", _passed);

    private static FlowObject With(FlowObject kept, string name, List<FlowValue> more) =>
        more.Count == 0 ? kept : kept.With(name, FlowValue.Array(ElsaChart.Elements(kept.Get(name)).Concat(more)));
}
