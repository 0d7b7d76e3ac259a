using FlowEngine.Activities;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Templates;

namespace FlowEngine.Compilation.Failures;

/// <summary>Per compilation and single-threaded: makes the graph of all ways through a flow and the subflows that it enters.</summary>
internal sealed class FailureGraphBuilder
{
    /// <summary>How many activities are looked through, with those of subflows as often as they are entered.</summary>
    private const int MaxActivities = 200_000;

    private readonly AcceptedFailures _accepts;
    private readonly Func<string, SourceLocation> _locations;
    private readonly List<FailureFrame> _frames = [];
    private readonly List<Entry> _entries = [];
    private readonly List<int> _frameOf = [];
    private readonly List<FailureStep> _steps = [];
    private readonly List<OpenFailure> _failures = [];
    private readonly Dictionary<int, (int First, int Count)> _inside = [];
    private readonly Dictionary<FlowPlan, bool> _plain = new(ReferenceEqualityComparer.Instance);

    private FailureGraphBuilder(AcceptedFailures accepts, Func<string, SourceLocation> locations) =>
        (_accepts, _locations) = (accepts, locations);

    /// <summary>Makes the graph.</summary>
    /// <param name="nodes">The activities of the flow.</param>
    /// <param name="start">The position of the first.</param>
    /// <param name="accepts">What the flow accepts.</param>
    /// <param name="locations">Where an activity of the flow stands, by its id.</param>
    /// <param name="persons">What may be known of the person at each point.</param>
    /// <returns>The graph; null when nothing in it leaves a failure unnamed, or tells a person from anybody.</returns>
    public static FailureGraph? Build(
        PlanNode[] nodes,
        int start,
        AcceptedFailures accepts,
        Func<string, SourceLocation> locations,
        out KnownPersons? persons
    )
    {
        persons = null;
        if (!Array.Exists(nodes, KnowsPerson) || !Array.Exists(nodes, node => node.Activity.Exit is { MayIssueTokens: true }))
            return null;
        var builder = new FailureGraphBuilder(accepts, locations);
        builder.Enter(nodes, start, new Entry("", [], null));
        return builder.Finish(start, out persons);
    }

    /// <summary>How a frame is entered.</summary>
    /// <param name="Prefix">What its activities' ids are qualified by.</param>
    /// <param name="Flows">Whose entries count beside those of the flow itself: each with the prefix of its ids.</param>
    /// <param name="End">Where an End of it leads, by its name; null for the flow that is looked at.</param>
    private sealed record Entry(
        string Prefix,
        IReadOnlyList<(string Prefix, AcceptedFailures Accepts)> Flows,
        Func<string, FailureStep>? End
    )
    {
        /// <summary>The id of the flow's own activity in which it lies; null for the flow that is looked at.</summary>
        public string? Outermost { get; init; }

        /// <summary>Whether it is a branch, which an error fails.</summary>
        public bool IsBranch { get; init; }
    }

    /// <summary>Whether an activity, or the flow that it enters, says who the person is.</summary>
    private static bool KnowsPerson(PlanNode node) =>
        node.KnowsPerson && (node.Activity.Enters is not { } flow || Array.Exists(flow.Nodes, KnowsPerson));

    /// <summary>Whether a flow needs not be looked through: whatever fails in it sends people back, or fails the run.</summary>
    private bool IsPlain(FlowPlan flow)
    {
        if (!_plain.TryGetValue(flow, out var isPlain))
            _plain.Add(flow, isPlain = Array.TrueForAll(flow.Nodes, IsPlain));
        return isPlain;
    }

    private bool IsPlain(PlanNode node) =>
        !node.Restarts
        && (node.Activity.Enters is { } flow ? IsPlain(flow) : !node.KnowsPerson)
        && Array.TrueForAll(node.ErrorRoutes, route => route.Mode == ErrorMode.Automatic)
        && !Enumerable.Range(0, node.OwnOutcomes).Any(port => node.Activity.FailsBy(port) != Fails.Never)
        && node.Activity.Inner.All(IsPlain);

    private int Enter(PlanNode[] nodes, int start, Entry entry)
    {
        var frame = new FailureFrame(_frames.Count, entry.Prefix, nodes, _frameOf.Count);
        _frames.Add(frame);
        _entries.Add(entry);
        _frameOf.AddRange(Enumerable.Repeat(frame.Index, nodes.Length));
        for (var i = 0; i < nodes.Length; i++)
            Add(frame, i, start, entry);
        return frame.Base + start;
    }

    private void Add(FailureFrame frame, int position, int start, Entry entry)
    {
        var node = frame.Nodes[position];
        var point = frame.Base + position;
        if (node.Activity.Exit is { } exit && entry.End is { } end)
            _steps.Add(end(exit.Name) with { From = point });
        if (node.Restarts)
            _steps.Add(new FailureStep(point, frame.Base + start, "", StepEffects.Clears));
        if (node.Activity.Enters is { } flow)
            EnterBy(frame, point, node, flow, entry);
        else
            AddOutcomes(frame, point, node, entry);
        foreach (var inner in node.Activity.Inner)
        {
            if (inner.Activity.Enters is { } branch && !IsPlain(branch) && node.Targets[0] >= 0)
                EnterBranch(frame, point, node, inner, branch, entry);
        }
        for (var i = 0; i < node.ErrorRoutes.Length; i++)
            AddError(frame, point, node, i, entry);
    }

    private void AddOutcomes(FailureFrame frame, int point, PlanNode node, Entry entry)
    {
        var branches = node.Activity.Branches.Count > 0 || node.Activity.Needs is not null;
        for (var port = 0; port < node.OwnOutcomes; port++)
        {
            if (node.Targets[port] < 0)
                continue;
            var fails = node.Activity.FailsBy(port);
            var effects =
                (node.KnowsPerson ? StepEffects.KnowsPerson : StepEffects.None)
                | fails switch
                {
                    Fails.Always => StepEffects.SetsError,
                    Fails.Sometimes => StepEffects.MaySetError,
                    _ => StepEffects.None,
                };
            var first = _failures.Count;
            if (fails != Fails.Never && !node.Activity.NamesFailure(port))
                Give(
                    entry,
                    Of(frame, point, node, node.Outcomes[port], entry) with
                    {
                        Ways = node.Activity.WaysByOutcome(port),
                        Places = FailedPlace.Of(node.Activity.WritesByOutcome(port), node.Activity.WritesByOutcome(0)),
                        IsStale = true,
                    }
                );
            if (port == 0 && node.Activity.Inner.Count > 0)
            {
                GiveInner(frame, point, node, entry);
                _inside[point] = (first, _failures.Count - first);
            }
            Step(frame, point, node, port, effects, first, branches ? port : -1);
        }
    }

    /// <summary>What an activity inside this one ignores is no error of this one.</summary>
    private void GiveInner(FailureFrame frame, int point, PlanNode node, Entry entry)
    {
        foreach (var inner in node.Activity.Inner)
        {
            for (var i = 0; i < inner.ErrorRoutes.Length; i++)
            {
                if (inner.ErrorRoutes[i].Mode != ErrorMode.Ignore || IsNever(inner, i))
                    continue;
                var failed = inner.Activity.WritesByError(i);
                // What a branch wrote is in the context; what an item wrote is somewhere in the result.
                Give(
                    entry,
                    Of(frame, point, inner, inner.ErrorRoutes[i].Event, entry) with
                    {
                        Handled = "ignored",
                        Ways = inner.Activity.WaysByError(i),
                        Places = node.Activity.KeepsInnerWrites ? FailedPlace.Of(failed, inner.Activity.WritesByOutcome(0)) : [],
                    }
                );
            }
        }
    }

    private void AddError(FailureFrame frame, int point, PlanNode node, int index, Entry entry)
    {
        ref readonly var route = ref node.ErrorRoutes[index];
        var port = route.Mode == ErrorMode.Custom ? route.Port : 0;
        if (route.Mode == ErrorMode.Automatic)
        {
            if (!entry.IsBranch)
                _steps.Add(new FailureStep(point, Back(point), route.Event, StepEffects.SetsError | StepEffects.SendsBack, index));
            return;
        }
        if (port >= node.Targets.Length || node.Targets[port] < 0 || IsNever(node, index))
            return;

        // One item may fail and be ignored, another fail and not.
        if (_inside.TryGetValue(point, out var inside) && inside.Count > 0)
            _steps.Add(
                new FailureStep(point, frame.Base + node.Targets[port], node.Outcomes[port], StepEffects.None, inside.First, inside.Count)
            );
        var first = _failures.Count;
        GiveError(frame, point, node, index, entry);
        Step(frame, point, node, port, StepEffects.SetsError | (node.KnowsPerson ? StepEffects.KnowsPerson : StepEffects.None), first);
    }

    private void GiveError(FailureFrame frame, int point, PlanNode node, int index, Entry entry)
    {
        if (IsAcceptedInside(node, entry))
            return;
        ref readonly var route = ref node.ErrorRoutes[index];
        Give(
            entry,
            Of(frame, point, node, route.Event, entry) with
            {
                Handled = route.Mode switch
                {
                    ErrorMode.Ignore => "ignored",
                    ErrorMode.Automatic => "back to the screen",
                    _ => "",
                },
                Ways = node.Activity.WaysByError(index),
                // Several activities at once: a value of one of them does not say which has failed.
                Places =
                    node.Activity.Inner.Count > 1
                        ? []
                        : FailedPlace.Of(node.Activity.WritesByError(index), node.Activity.WritesByOutcome(0)),
            }
        );
    }

    private void EnterBy(FailureFrame frame, int point, PlanNode node, FlowPlan flow, Entry entry)
    {
        if (IsPlain(flow) || _frameOf.Count + flow.Nodes.Length > MaxActivities)
        {
            var first = _failures.Count;
            if (!IsPlain(flow))
                Give(entry, Of(frame, point, node, "any failure in it, which is too large to be looked through", entry));
            for (var port = 0; port < node.OwnOutcomes; port++)
            {
                if (node.Targets[port] >= 0)
                    Step(
                        frame,
                        point,
                        node,
                        port,
                        StepEffects.MaySetError
                            | (KnowsPerson(node) ? StepEffects.KnowsPerson : 0)
                            | (flow.Waits ? StepEffects.MayWait : 0),
                        first
                    );
            }
            return;
        }
        var to = Enter(
            flow.Nodes,
            flow.Start,
            Inside(frame, node, flow, entry) with
            {
                End = name =>
                    Array.IndexOf(node.Outcomes, name) is var port && port >= 0 && node.Targets[port] >= 0
                        ? new FailureStep(-1, frame.Base + node.Targets[port], name)
                        : new FailureStep(-1, point, name),
            }
        );
        _steps.Add(new FailureStep(point, to, ""));
    }

    /// <summary>A flow that runs as a branch: its errors fail the branch, and its last error is not the run's.</summary>
    private void EnterBranch(FailureFrame frame, int point, PlanNode node, PlanNode inner, FlowPlan flow, Entry entry)
    {
        if (_frameOf.Count + flow.Nodes.Length > MaxActivities)
        {
            var first = _failures.Count;
            Give(entry, Of(frame, point, inner, "any failure in it, which is too large to be looked through", entry));
            Step(frame, point, node, 0, StepEffects.None, first);
            return;
        }
        var to = Enter(
            flow.Nodes,
            flow.Start,
            Inside(frame, inner, flow, entry) with
            {
                End = _ => new FailureStep(-1, frame.Base + node.Targets[0], node.Outcomes[0], StepEffects.SetsError),
                IsBranch = true,
            }
        );
        _steps.Add(new FailureStep(point, to, ""));
    }

    private static Entry Inside(FailureFrame frame, PlanNode node, FlowPlan flow, Entry entry)
    {
        var prefix = $"{frame.Prefix}{node.Id}/";
        return entry with
        {
            Prefix = prefix,
            Flows = flow.Accepts.Entries.Count == 0 ? entry.Flows : [.. entry.Flows, (prefix, flow.Accepts)],
            Outermost = entry.Outermost ?? node.Id,
        };
    }

    private void Step(FailureFrame frame, int point, PlanNode node, int port, StepEffects effects, int first, int condition = -1) =>
        _steps.Add(
            new FailureStep(point, frame.Base + node.Targets[port], node.Outcomes[port], effects, first, _failures.Count - first, condition)
        );

    /// <summary>The point of a run that is on its way back to the last screen. It is moved behind all activities in the end.</summary>
    private static int Back(int point) => -1 - point;

    private OpenFailure Of(FailureFrame frame, int point, PlanNode node, string way, Entry entry) =>
        new()
        {
            Activity = frame.Prefix + node.Id,
            Way = way,
            Handled = "",
            At =
                entry.Outermost is null && Array.Exists(node.ErrorRoutes, route => route.Event == way && route.Mode != ErrorMode.Automatic)
                    ? PlaceOf(entry, node).At("errorHandling").At(way)
                    : PlaceOf(entry, node),
            Ways = FailureWays.Unknown,
            Places = [],
            Tellings = node.Tellings,
            Point = point,
        };

    private SourceLocation PlaceOf(Entry entry, PlanNode node) => _locations(entry.Outermost ?? node.Id);

    /// <summary>Whether an event cannot happen, because an outcome of its own is named for all that would lead to it.</summary>
    private static bool IsNever(PlanNode node, int errorEvent) =>
        // An unexpected exception counts as the last.
        errorEvent < node.ErrorRoutes.Length - 1
        && node.Activity.WaysByError(errorEvent) is { IsEmpty: true } ways
        && ways != FailureWays.Unknown;

    private void Give(Entry entry, OpenFailure failure)
    {
        if (!IsAccepted(entry, failure.Activity, failure.Way, failure.Ways))
            _failures.Add(failure);
    }

    /// <summary>Whether an error of an activity is always that of one inside it, each of which is accepted.</summary>
    private bool IsAcceptedInside(PlanNode node, Entry entry) =>
        node.Activity.Inner.Count > 0
        && !node
            .Activity.WaysByError(0)
            .Codes.Except(
                node.Activity.Inner.SelectMany(inner => inner.ErrorRoutes.SelectMany((_, i) => inner.Activity.WaysByError(i).Codes))
            )
            .Any()
        && node.Activity.Inner.All(inner =>
            inner.Activity.Enters is null
            && inner.ErrorRoutes.Length > 0
            && !inner
                .ErrorRoutes.Where(
                    (route, i) =>
                        route.Mode != ErrorMode.Ignore
                        && !IsAccepted(entry, entry.Prefix + inner.Id, route.Event, inner.Activity.WaysByError(i))
                )
                .Any()
        );

    private bool IsAccepted(Entry entry, string activity, string way, FailureWays ways) =>
        IsAccepted(_accepts, activity, way, ways)
        || entry.Flows.Any(flow =>
            activity.StartsWith(flow.Prefix, StringComparison.Ordinal)
            && IsAccepted(flow.Accepts, activity[flow.Prefix.Length..], way, ways)
        );

    private static bool IsAccepted(AcceptedFailures accepts, string activity, string way, FailureWays ways)
    {
        var entries = accepts.Of(activity).ToList();
        return entries.Count > 0
            && (
                entries.Exists(entry => entry.Way == way)
                || ways.Codes.Count + ways.Statuses.Count > 0
                    && ways.Codes.All(code => entries.Exists(entry => entry.CoversCode(code)))
                    && ways.Statuses.All(status => entries.Exists(entry => entry.CoversStatus(status)))
            );
    }

    private FailureGraph? Finish(int start, out KnownPersons? persons)
    {
        persons = null;
        if (_failures.Count == 0 && !_steps.Exists(step => step.To < 0))
            return null;
        var activities = _frameOf.Count;
        var steps = new List<FailureStep>(_steps.Count * 2);
        foreach (var step in _steps)
        {
            if (step.To < 0)
            {
                steps.Add(step with { To = activities - 1 - step.To });
                continue;
            }
            steps.Add(step);
            // Back along all ways to where a person waited last.
            var isScreen = NodeOf(step.From) is { Waits: true, Activity.Enters: null };
            if (isScreen || step.Effects.HasFlag(StepEffects.MayWait))
                steps.Add(new FailureStep(activities + step.To, step.From, ""));
            if (!isScreen)
                steps.Add(new FailureStep(activities + step.To, activities + step.From, ""));
        }
        int[] frameOf = [.. _frameOf];
        var graph = new FailureGraph(_frames, frameOf, activities * 2, start, steps, _failures);
        persons = new KnownPersons(graph);
        GiveAutomatic(steps, persons);
        return _failures.Count == 0 ? null : new FailureGraph(_frames, frameOf, activities * 2, start, steps, _failures);
    }

    /// <summary>Whom an error sends back, that person can do there only what was possible before, unless who it is was found out
    /// since.</summary>
    private void GiveAutomatic(List<FailureStep> steps, KnownPersons persons)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            var step = steps[i];
            if (!step.Effects.HasFlag(StepEffects.SendsBack))
                continue;
            var first = _failures.Count;
            if (persons.At(step.From).HasFlag(Knowledge.Since))
            {
                var frame = _frames[_frameOf[step.From]];
                GiveError(frame, step.From, NodeOf(step.From), step.FirstGiven, _entries[frame.Index]);
            }
            steps[i] = step with { FirstGiven = first, Given = _failures.Count - first };
        }
    }

    private PlanNode NodeOf(int point) => _frames[_frameOf[point]].Nodes[point - _frames[_frameOf[point]].Base];
}
