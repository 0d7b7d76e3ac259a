using FlowEngine.Activities;
using FlowEngine.Compilation.Failures;
using FlowEngine.Compilation.Lineage;
using FlowEngine.Compilation.Paths;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Execution.Lineage;
using FlowEngine.Model;
using FlowEngine.Screens;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Compilation;

/// <summary>
/// Per compilation and single-threaded: turns a flow into a <see cref="FlowPlan"/>. Every problem is reported, none is thrown: options,
/// screens, activities, connections, then the graph as a whole.
/// </summary>
public sealed class FlowCompiler
{
    private const int MaxSubflowDepth = 10;

    private readonly FlowDefinition _flow;
    private readonly int _version;
    private readonly FlowCompiler? _caller;
    private readonly DiagnosticBag _problems = new();
    private readonly Dictionary<string, CompiledScreen> _screens = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _positions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SourceLocation> _inlinePlaces = new(StringComparer.Ordinal);
    private readonly CompilationSession _session;
    private FlowOptions _options = new();
    private readonly List<(int Source, int Target)> _loose = [];
    private readonly List<ReadPath> _reads = [];
    private readonly Dictionary<string, List<PathRead>> _screenReads = new(StringComparer.Ordinal);
    private readonly List<(int Source, int Port, PathRead Read)> _messageReads = [];
    private HashSet<(string Source, string Port)>? _connected;
    private ValueShape? _client;
    private int[] _readers = [];
    private readonly List<PlanNode> _inline = [];
    private readonly Dictionary<PlanNode, SourceReader> _sources = new(ReferenceEqualityComparer.Instance);
    private SourceReader? _sourcesHere;
    private IReadOnlySet<(string Root, string Key)> _codes = new HashSet<(string, string)>();

    private FlowCompiler(FlowDefinition flow, int version, CompilationSession session, FlowCompiler? caller)
    {
        _flow = flow;
        _version = version;
        _session = session;
        _caller = caller;
    }

    /// <summary>How many steps the checks of paths took.</summary>
    private long PathSteps { get; set; }

    /// <summary>How many steps the proof took.</summary>
    private long ProofSteps { get; set; }

    internal CompilationEnvironment Environment => _session.Environment;

    internal IEnumerable<string> ScreenIds => _screens.Keys;

    /// <summary>
    /// How bad a path is that nothing writes. What was published was published when nobody looked, and runs as it always did, with
    /// nothing in the path's place: it is told of,
    /// and goes on. What is not published yet is refused.
    /// </summary>
    private Severity PathSeverity => _version > 0 ? Severity.Warning : Severity.Error;

    /// <summary>Whether a host decides what follows. In a flow that is entered, the engine does.</summary>
    private bool IsOpen => Environment.OpenOutcomes && _caller is null;

    private int Depth => _caller is null ? 0 : _caller.Depth + 1;

    /// <summary>Compiles a flow and the subflows that it uses.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="environment">The activity types, connectors and other flows.</param>
    /// <param name="version">The version that the plan carries; 0 (the default) for a flow that is not published.</param>
    /// <param name="cancellationToken">The caller's: nobody compiles a large flow to the end for somebody who has left.</param>
    public static CompilationResult Compile(
        FlowDefinition flow,
        CompilationEnvironment environment,
        int version = 0,
        CancellationToken cancellationToken = default
    )
    {
        var session = new CompilationSession(environment, cancellationToken);
        var compiler = new FlowCompiler(flow, version, session, null);
        return new CompilationResult(compiler.Compile(), compiler._problems.Items)
        {
            Connectors = session.Connectors,
            Flows = session.Flows,
            PathSteps = compiler.PathSteps,
            ProofSteps = compiler.ProofSteps,
        };
    }

    /// <summary>Reads and compiles a flow from JSON.</summary>
    /// <param name="json">The flow file's content.</param>
    /// <param name="environment">The activity types, connectors and other flows.</param>
    /// <param name="file">The file's name for the diagnostics, or null.</param>
    public static CompilationResult Compile(FlowValue json, CompilationEnvironment environment, string? file = null)
    {
        var problems = new DiagnosticBag();
        if (FlowReader.Read(json, file, problems) is not { } flow)
            return new CompilationResult(null, problems.Items);

        var result = Compile(flow, environment);
        return result with { Diagnostics = [.. problems.Items, .. result.Diagnostics] };
    }

    internal Connector? FindConnector(string id, out IReadOnlyList<Diagnostic> problems)
    {
        _session.Connectors.Add(id);
        return Environment.Connectors.Find(id, out problems);
    }

    internal CompiledScreen? FindScreen(string id) => _screens.GetValueOrDefault(id);

    internal void ReportOnce(IReadOnlyList<Diagnostic> diagnostics)
    {
        if (diagnostics.Count > 0 && _session.Reported.Add(diagnostics))
            _problems.AddRange(diagnostics);
    }

    /// <summary>Whether a place of the context holds what a one-time code is compared with.</summary>
    internal bool HoldsCode(string root, string key) => _codes.Contains((root, key));

    /// <summary>Checks what a connector reads of the context of this flow, which uses it.</summary>
    internal void CheckReads(Connector connector, SourceLocation at)
    {
        var settings = Environment.Connectors.Types.FirstOrDefault(type => type.Name == connector.Definition.Type)?.Settings;
        foreach (var read in Environment.Connectors.ReadsOf(connector.Id))
        {
            if (settings is not null)
                _sourcesHere?.Take(read, connector.Definition, settings);
            TakeRead(read with { At = at }, connector.Id);
        }
    }

    internal FlowPlan? CompileSubflow(string id, ActivityCompilation activity)
    {
        for (var caller = this; caller is not null; caller = caller._caller)
        {
            if (caller._flow.Id == id)
            {
                activity.Error(FlowErrors.SubflowNesting, "flow", $"The flow '{id}' calls itself, directly or through others.");
                return null;
            }
        }
        if (Depth >= MaxSubflowDepth)
        {
            activity.Error(FlowErrors.SubflowNesting, "flow", $"Subflows nest more than {MaxSubflowDepth} deep.");
            return null;
        }
        _session.Flows.Add(id);
        if (Environment.FindFlow(id) is not { } found)
        {
            activity.Error(FlowErrors.UnknownFlow, "flow", $"There is no flow '{id}'.");
            return null;
        }

        // A plan made at another depth may hide a nesting that is too deep here, so plans are shared only between equal depths.
        if (!_session.Subflows.TryGetValue((id, Depth), out var plan))
        {
            var compiler = new FlowCompiler(found.Flow, found.Version, _session, this);
            plan = compiler.Compile();
            _session.Subflows[(id, Depth)] = plan;
            _problems.AddRange(compiler._problems.Items);
        }
        if (plan is null)
            activity.Error(FlowErrors.SubflowInvalid, "flow", $"The flow '{id}' has errors.");
        return plan;
    }

    internal PlanNode? CompileInline(FlowObject json, SourceLocation at, bool repeats)
    {
        json.Get("id").TryGetText(out var id);
        json.Get("type").TryGetText(out var type);
        if (string.IsNullOrEmpty(id))
            _problems.Error(FlowErrors.Required, at.At("id"), "'id' is missing, empty or not a text.", "Add \"id\".");
        else if (_positions.ContainsKey(id) || !_inlinePlaces.TryAdd(id, at))
            _problems.Error(FlowErrors.DuplicateId, at.At("id"), $"There is already an activity '{id}'.");
        var node = CompileActivity(new ActivityDefinition(id ?? "", type ?? "", json, at), inParallel: true);
        if (node is null)
            return null;
        node.Repeats = repeats;
        _inline.Add(node);
        return node;
    }

    private FlowPlan? Compile()
    {
        _options = FlowOptionChecks.Read(_flow, _problems);
        _codes = CodeComparisons.In(_flow, Environment.Components);
        if (_options.Inputs.Keys.Any(name => HoldsCode("client", name)))
            _options = _options with
            {
                Inputs = new OrderedDictionary<string, FlowInput>(
                    _options.Inputs.Select(input =>
                        HoldsCode("client", input.Key) ? KeyValuePair.Create(input.Key, input.Value with { Sensitive = true }) : input
                    )
                ),
            };
        _problems.OnRead = read =>
        {
            _sourcesHere?.Take(read);
            TakeRead(read, null);
        };
        ScreenCompiler.Compile(
            _flow.Screens,
            Environment.Components,
            _options.UndeclaredInputs,
            name => HoldsCode("form", name),
            _screens,
            _screenReads,
            _problems,
            _session.CancellationToken
        );
        IndexActivities();

        var nodes = new PlanNode?[_flow.Activities.Count];
        for (var i = 0; i < nodes.Length && !_problems.IsHopeless; i++)
        {
            _session.CancellationToken.ThrowIfCancellationRequested();
            _readers = [i];
            nodes[i] = CompileActivity(_flow.Activities[i], inParallel: false);
        }
        _problems.OnRead = null;

        Connect(nodes);
        var accepts = AcceptedFailuresReader.Read(_flow, _options.Accepts, nodes, PathSeverity, _problems);
        var start = FindStart();
        var hasScreen = Array.Exists(nodes, node => node is { Waits: true });
        if (start < 0 || _problems.IsHopeless)
            return null;

        if (!IsOpen)
            GraphChecks.FindUnreachable(_flow, nodes, start, _loose, _problems);
        // Traits are for callers, and an open flow has none.
        var traits = IsOpen ? FlowTraits.None : CheckPaths(nodes, start);
        if (_problems.HasErrors || _flow.HasErrors || Array.IndexOf(nodes, null) >= 0)
            return null;

        var complete = nodes.Select(node => node!).ToArray();
        GraphChecks.Run(_flow, complete, start, _problems);
        // Tokens are issued at the Ends of the flow that was started.
        if (_caller is null && !IsOpen)
            ProofSteps = FailsOpenProof.Run(complete, start, accepts, LocationOf, PathSeverity, _problems);
        if (_problems.HasErrors)
            return null;
        var waits = WaitAnalysis.Run(_flow, complete, start, _options.TimeBudget, _problems);
        return new FlowPlan(
            _flow,
            _version,
            complete,
            start,
            [.. _screens.Values],
            _options with
            {
                Access = _options.Access ?? (hasScreen ? FlowAccess.Public : FlowAccess.Key),
            },
            _session.Connectors,
            traits,
            waits,
            accepts
        )
        {
            Inline = _inline,
        };
    }

    /// <summary>Checks that what is read can have a value where it is read.</summary>
    private FlowTraits CheckPaths(PlanNode?[] nodes, int start)
    {
        var isEntered = _caller is not null;
        if (FlowGraphBuilder.Build(nodes, start, _loose, isEntered, out var traits) is not { } graph)
            return traits;
        foreach (
            var shown in nodes
                .Select((node, i) => (node?.Screen, Position: i))
                .Where(node => node.Screen is not null)
                .GroupBy(node => node.Screen!.Id)
        )
        {
            int[] readers = [.. shown.Select(node => node.Position)];
            if (_screenReads.TryGetValue(shown.Key, out var reads))
                _reads.AddRange(reads.Select(read => new ReadPath(read, readers)));
        }
        foreach (var (source, port, read) in _messageReads)
        {
            if (graph.MessageOf(source, port) is var point && point >= 0)
                _reads.Add(new ReadPath(read, [point]));
        }
        PathSteps = PathChecks.Run(graph, nodes, _reads, isEntered, PathSeverity, _problems);
        return traits;
    }

    /// <summary>Takes a reading: of what is the same everywhere it is checked at once, of all else when all ways to it are known.</summary>
    private void TakeRead(PathRead read, string? connector)
    {
        // The screens' own are given to the activities that show them.
        if (IsToBeFollowed(read, connector) && _readers.Length > 0)
            _reads.Add(new ReadPath(read, _readers, connector));
    }

    /// <summary>Takes a reading of an item: what the list's elements are known not to have, it does not have.</summary>
    internal void TakeItemRead(PathRead read, PathRead list)
    {
        if (PathFact.Of(list) is not null && _readers.Length > 0)
            _reads.Add(
                new ReadPath(
                    list with
                    {
                        Parts = [.. list.Parts, PathPart.Each, .. read.Parts],
                        Use = PathUse.Question,
                        At = read.At,
                    },
                    _readers,
                    Item: read
                )
            );
    }

    private bool IsToBeFollowed(PathRead read, string? connector)
    {
        if (read.Key is null)
            return false;
        if (read.Root == "client")
            _client ??= KnownRoots.ShapeOf(read.Root, _options);
        return (
                (read.Root == "client" ? _client : KnownRoots.ShapeOf(read.Root, _options)) is not { } shape
                || IsKnown(new ReadPath(read, _readers, connector), shape)
            ) && !(read.Root == "form" && _options.UndeclaredInputs);
    }

    /// <summary>Whether a connection leaves an activity by an outcome.</summary>
    internal bool IsConnected(string activity, string outcome)
    {
        _connected ??= [.. _flow.Connections.Select(connection => (connection.Source, connection.Port))];
        return _connected.Contains((activity, outcome));
    }

    /// <summary>Checks what is read of a root that is local to the activity.</summary>
    internal void CheckLocal(PathRead read, ValueShape shape) => IsKnown(new ReadPath(read, _readers), shape);

    /// <summary>What a connection says is made of what there is behind its activity.</summary>
    private Template ParseMessage(ConnectionDefinition connection, PlanNode node, int source, int port)
    {
        _readers = [];
        _problems.OnRead = read =>
        {
            _sources[node].TakeMessage(read, node.Outcomes[port]);
            node.Sources ??= new NodeSources(_sources[node].Find);
            if (IsToBeFollowed(read, null))
                _messageReads.Add((source, port, read));
        };
        var message = Template.Parse(connection.Message!, connection.Location.At("message"), _problems);
        _problems.OnRead = null;
        return message;
    }

    private bool IsKnown(ReadPath reading, ValueShape shape)
    {
        var read = reading.Read;
        for (var i = 0; i < read.Parts.Count; i++)
        {
            var inner = read.Parts[i].Name is { } name ? shape.Member(name) : shape.Item(read.Parts[i].Index);
            if (inner is null)
            {
                if (i == 0 && read.Root == "client")
                    ReportUndeclared(reading);
                else
                    ReportNoMember(reading, shape, i);
                return false;
            }
            shape = inner;
        }
        return true;
    }

    private void ReportNoMember(ReadPath reading, ValueShape shape, int part)
    {
        var read = reading.Read;
        var names = shape.MemberNames.ToList();
        var has = ValueShape.Describe([shape]);
        var message = $"{reading.Reader} reads {read.ToText()}, but there is no '{read.Parts[part]}': {read.ToText(part)} {has}.";
        var wrong = read.Parts[part].ToString();
        var advice = shape.HintFor(wrong) ?? Suggestion.For(wrong, names);
        var meant = Suggestion.Nearest(wrong, names) is { } name ? new MeantPath(read.ToText(), part + 1, name) : null;
        if (reading.IsOptional || PathSeverity == Severity.Warning)
            _problems.Warning(FlowErrors.UnknownPath, read.At, message, advice, meant);
        else
            _problems.Error(FlowErrors.UnknownPath, read.At, message, advice, meant: meant);
    }

    /// <summary>An input that is read and not declared has no value: the run takes no others. Also in what was published: a condition on
    /// it would now decide otherwise.</summary>
    private void ReportUndeclared(ReadPath reading)
    {
        var (read, name) = (reading.Read, reading.Read.Key!);
        var declare = $$"""Declare it: add "{{name}}": { "type": "string" } to the flow's "inputs".""";
        var names = _options.Inputs.Keys;
        var advice = Suggestion.For(name, names) is { } suggestion ? $"{suggestion} Or: {declare}" : declare;
        var meant = Suggestion.Nearest(name, names) is { } near ? new MeantPath(read.ToText(), 1, near) : null;
        var message = $"{reading.Reader} reads client.{name}, which the flow does not declare.";
        // Flows share a connector: a fallback says that not all of them have the input.
        if (reading.IsOptional)
            _problems.Warning(FlowErrors.UnknownPath, read.At, message, advice, meant);
        else
            _problems.Error(FlowErrors.UnknownPath, read.At, message, advice, meant: meant);
    }

    private void IndexActivities()
    {
        for (var i = 0; i < _flow.Activities.Count; i++)
        {
            var activity = _flow.Activities[i];
            if (activity.Id.Length == 0)
                continue;
            if (!Identifier.IsValid(activity.Id))
                _problems.Error(FlowErrors.Id, activity.Location.At("id"), $"'{activity.Id}' cannot be an activity's id.");
            if (!_positions.TryAdd(activity.Id, i))
                _problems.Error(FlowErrors.DuplicateId, activity.Location.At("id"), $"There is already an activity '{activity.Id}'.");
        }
    }

    private PlanNode? CompileActivity(ActivityDefinition definition, bool inParallel)
    {
        if (Environment.Activities.Find(definition.Type) is not { } type)
        {
            if (definition.Type.Length > 0)
            {
                _problems.Error(
                    FlowErrors.UnknownType,
                    definition.Location.At("type"),
                    $"There is no activity type '{definition.Type}'.",
                    Suggestion.For(definition.Type, Environment.Activities.Types.Select(t => t.Name))
                );
            }
            else if (inParallel)
            {
                _problems.Error(
                    FlowErrors.Required,
                    definition.Location.At("type"),
                    "'type' is missing, empty or not a text.",
                    "Add \"type\"."
                );
            }
            return null;
        }
        if (inParallel && !type.Description.CanRunInParallel)
        {
            _problems.Error(FlowErrors.Parallel, definition.Location.At("type"), $"{type.Name} cannot run inside Parallel or ForEach.");
            return null;
        }

        var (outer, sources) = (_sourcesHere, new SourceReader(type, definition));
        _sourcesHere = sources;
        var settings = type.Settings.Bind(
            definition.Json,
            definition.Location,
            _problems,
            "id",
            "type",
            "name",
            "description",
            "errorHandling",
            "designer",
            "metadata"
        );
        var compilation = new ActivityCompilation(new CompiledParts(this), definition, _problems) { IsInParallel = inParallel };
        var activity = type.Create(settings, compilation);
        _sourcesHere = outer;
        var outcomes = new List<string>(activity.Outcomes ?? type.Description.Outcomes);
        // An error that is ignored leaves by the type's first outcome, as if all had gone well: not by one that says what was found.
        var hasFirst = type.Description.Outcomes is not [var first, ..] || outcomes.Contains(first) || activity.HasUnknownOutcomes;
        if (inParallel)
            ReportOutcomesOfBranch(definition, type, hasFirst);
        var routes = ErrorHandlingReader.Read(definition, type.Description, hasFirst, inParallel, _problems);
        for (var i = 0; i < routes.Length; i++)
        {
            if (routes[i].Mode != ErrorMode.Custom)
                continue;
            routes[i] = routes[i] with { Port = outcomes.Count };
            outcomes.Add(routes[i].Event);
        }

        var node = new PlanNode
        {
            Id = definition.Id,
            Type = type.Name,
            Activity = activity,
            Outcomes = [.. outcomes],
            ErrorRoutes = routes,
            Targets = [.. Enumerable.Repeat(-1, outcomes.Count)],
            Screen = activity.Shows?.Screen,
            Waits = type.Waits || activity.Enters is { Waits: true },
            Restarts = type.Restarts,
            KnowsPerson = type.Enters || type.Roots.Contains(ContextRoot.User),
            MayShare = type.MayShare,
            Tellings = type.Tellings,
            OptionalOutcomes = type.Description.OptionalOutcomes,
            Sources = sources.IsEmpty ? null : new NodeSources(sources.Find),
        };
        _sources[node] = sources;
        return node;
    }

    /// <summary>What leaves by more than success has nowhere to go inside another activity.</summary>
    private void ReportOutcomesOfBranch(ActivityDefinition definition, ActivityType type, bool hasFirst)
    {
        var source = hasFirst ? OutcomeSource.Members : OutcomeSource.Instead;
        var setting = type.Settings.Settings.FirstOrDefault(setting => setting.Outcomes?.Source == source);
        if (hasFirst && (setting is null || definition.Json.Get(setting.Name).IsNothing))
            return;
        _problems.Error(
            FlowErrors.Parallel,
            setting is null ? definition.Location : definition.Location.At(setting.Name),
            "An activity inside another has no connections, so it has no outcomes to choose between.",
            "Remove this, and branch by what it wrote, behind the activity that it stands in."
        );
    }

    private void Connect(PlanNode?[] nodes)
    {
        foreach (var connection in _flow.Connections)
        {
            if (_problems.IsHopeless)
                return;
            if (connection.Source.Length == 0 || connection.Target.Length == 0)
                continue;

            var source = Find(connection.Source, connection.Location.At("source"));
            var target = Find(connection.Target, connection.Location.At("target"));
            if (source < 0 || target < 0)
                continue;
            if (nodes[source] is not { Activity.HasUnknownOutcomes: false } node || connection.Port.Length == 0)
            {
                _loose.Add((source, target));
                continue;
            }

            var port = Array.IndexOf(node.Outcomes, connection.Port);
            if (port < 0)
            {
                var advice =
                    node.Outcomes.Length == 0 ? $"{node.Type} has no outcomes: remove the connection."
                    : Array.Exists(node.ErrorRoutes, route => route.Event == connection.Port)
                        ? $"Set \"errorHandling\": {{ \"{connection.Port}\": \"custom\" }} on '{node.Id}' to get this outcome."
                    : Suggestion.For(connection.Port, node.Outcomes);
                _problems.Error(
                    FlowErrors.UnknownPort,
                    connection.Location.At("port"),
                    $"'{node.Id}' has no outcome '{connection.Port}'.",
                    advice
                );
                _loose.Add((source, target));
            }
            else if (node.Targets[port] >= 0)
            {
                _problems.Error(
                    FlowErrors.DuplicateConnection,
                    connection.Location,
                    $"A connection already leaves '{node.Id}' by '{connection.Port}'."
                );
                _loose.Add((source, target));
            }
            else
            {
                node.Targets[port] = target;
                if (connection.Message is { Length: > 0 })
                    (node.Messages ??= new Template?[node.Targets.Length])[port] = ParseMessage(connection, node, source, port);
            }
        }

        if (!IsOpen)
            ReportUnconnected(nodes);
    }

    private void ReportUnconnected(PlanNode?[] nodes)
    {
        for (var i = 0; i < nodes.Length; i++)
        {
            if (nodes[i] is not { Activity.HasUnknownOutcomes: false } node)
                continue;
            for (var port = 0; port < node.Targets.Length; port++)
            {
                if (node.Targets[port] < 0 && !node.OptionalOutcomes.Contains(node.Outcomes[port]))
                    _problems.Error(
                        FlowErrors.Unconnected,
                        _flow.Activities[i].Location,
                        $"The outcome '{node.Outcomes[port]}' of '{node.Id}' has no connection."
                    );
            }
        }
    }

    /// <summary>Where an activity of the flow stands, also one inside another.</summary>
    private SourceLocation LocationOf(string id) =>
        _positions.TryGetValue(id, out var position) ? _flow.Activities[position].Location : _inlinePlaces[id];

    private int FindStart() => _flow.Start.Length == 0 ? -1 : Find(_flow.Start, _flow.Location.At("start"));

    private int Find(string id, SourceLocation at)
    {
        if (_positions.TryGetValue(id, out var position))
            return position;
        _problems.Error(
            FlowErrors.UnknownId,
            at,
            $"There is no activity '{id}'.",
            Suggestion.For(id, _positions.Keys) ?? FlowErrors.UnknownId.Advice
        );
        return -1;
    }

    private sealed record CompilationSession(CompilationEnvironment Environment, CancellationToken CancellationToken)
    {
        public HashSet<IReadOnlyList<Diagnostic>> Reported { get; } = new(ReferenceEqualityComparer.Instance);

        public Dictionary<(string Id, int Depth), FlowPlan?> Subflows { get; } = [];

        public HashSet<string> Connectors { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Flows { get; } = new(StringComparer.Ordinal);
    }
}
