using Elsa.Extensions;
using Elsa.Workflows;
using Elsa.Workflows.Activities;
using Elsa.Workflows.Activities.Flowchart.Activities;
using Elsa.Workflows.Activities.Flowchart.Models;
using Elsa.Workflows.Models;
using FlowEngine.Context;
using FlowEngine.ElsaActivities.Hosting;

namespace FlowEngine.ElsaActivities;

/// <summary>Stateless: finds our activities in a workflow of Elsa: in its flowcharts and sequences, however deep.</summary>
internal static class ElsaWorkflows
{
    /// <summary>What a workflow has of our activities.</summary>
    public static HostedWorkflow Describe(Workflow workflow)
    {
        var found = new List<FlowEngineActivity>();
        var connections = new List<HostedConnection>();
        Collect(workflow.Root, found, connections);
        return new HostedWorkflow(
            workflow.Identity.DefinitionId,
            workflow.WorkflowMetadata.Name ?? workflow.Identity.DefinitionId,
            HostedValue.Of(workflow.CustomProperties),
            [.. found.DistinctBy(activity => activity.Id).Select(Describe)],
            connections
        );
    }

    /// <summary>Our activity of that id; null when the workflow has none.</summary>
    public static FlowEngineActivity? Find(Workflow workflow, string id)
    {
        var found = new List<FlowEngineActivity>();
        Collect(workflow.Root, found, []);
        return found.Find(activity => activity.Id == id);
    }

    /// <summary>The activity of ours that an outcome leads to in a flowchart, when it is to be entered at once: nothing else is led to,
    /// and nobody else has left for it and waits there to be joined. Null otherwise.</summary>
    /// <param name="chart">What the activity stands in.</param>
    /// <param name="activity">The activity.</param>
    /// <param name="outcome">Its outcome.</param>
    /// <param name="path">The ids of our activities in the order in which they were executed.</param>
    public static FlowEngineActivity? OnlyTarget(IActivity? chart, FlowEngineActivity activity, string outcome, IReadOnlyList<string> path)
    {
        if (chart is not Flowchart { Connections: var connections })
            return null;
        var left = connections.Where(connection => connection.Source.Activity == activity && PortOf(connection) == outcome).ToList();
        if (left is not [{ Target.Activity: FlowEngineActivity target }])
            return null;
        var entered = LastOf(path, target.Id);
        foreach (var source in connections.Where(connection => connection.Target.Activity == target).Select(each => each.Source.Activity))
        {
            if (source != activity && (source is not FlowEngineActivity || MayWait(source)))
                return null;
        }
        return target;

        // It was executed since the target was, and what came next does not say that it left by another way.
        bool MayWait(IActivity source)
        {
            var executed = LastOf(path, source.Id);
            if (executed <= entered)
                return false;
            var next = executed + 1 < path.Count ? path[executed + 1] : null;
            var ways = connections.Where(connection => connection.Source.Activity == source).ToLookup(PortOf);
            return !ways.Any(way =>
                way.Any(connection => connection.Target.Activity.Id == next) && way.All(connection => connection.Target.Activity != target)
            );
        }
    }

    private static int LastOf(IReadOnlyList<string> path, string id)
    {
        var at = path.Count - 1;
        while (at >= 0 && path[at] != id)
            at--;
        return at;
    }

    private static string PortOf(Connection connection) => connection.Source.Port ?? "Done";

    private static void Collect(IActivity activity, List<FlowEngineActivity> found, List<HostedConnection> connections)
    {
        switch (activity)
        {
            case FlowEngineActivity own:
                found.Add(own);
                break;
            case Flowchart chart:
                foreach (var inner in InOrder(chart))
                    Collect(inner, found, connections);
                connections.AddRange(
                    chart
                        .Connections.Where(connection => connection.Source.Activity is FlowEngineActivity)
                        .Select(connection => new HostedConnection(
                            connection.Source.Activity.Id,
                            PortOf(connection),
                            (connection.Target.Activity as FlowEngineActivity)?.Id
                        ))
                );
                break;
            case Container container:
                foreach (var inner in container.Activities)
                    Collect(inner, found, connections);
                break;
            case Composite composite:
                Collect(composite.Root, found, connections);
                break;
        }
    }

    /// <summary>The activities of a chart in the order in which they may be reached from its start: the first of ours is where a Restart
    /// leads.</summary>
    private static IEnumerable<IActivity> InOrder(Flowchart chart)
    {
        var next = chart.Connections.ToLookup(connection => connection.Source.Activity, connection => connection.Target.Activity);
        var seen = new HashSet<IActivity>(ReferenceEqualityComparer.Instance);
        var queue = new Queue<IActivity>();
        if (StartOf(chart) is { } start)
            queue.Enqueue(start);
        while (queue.TryDequeue(out var activity))
        {
            if (!seen.Add(activity))
                continue;
            yield return activity;
            foreach (var target in next[activity])
                queue.Enqueue(target);
        }
        foreach (var activity in chart.Activities)
        {
            if (seen.Add(activity))
                yield return activity;
        }
    }

    /// <summary>Where a chart begins that nothing triggers, as Elsa chooses it.</summary>
    private static IActivity? StartOf(Flowchart chart)
    {
        var targets = chart.Connections.Select(connection => connection.Target.Activity).ToHashSet(ReferenceEqualityComparer.Instance);
        return chart.Start
            ?? chart.Activities.FirstOrDefault(activity => activity is Start)
            ?? chart.Activities.FirstOrDefault(activity => activity.GetCanStartWorkflow())
            ?? chart.Activities.FirstOrDefault(activity => !targets.Contains(activity))
            ?? chart.Activities.FirstOrDefault();
    }

    private static HostedActivity Describe(FlowEngineActivity activity) =>
        new(
            activity.Id,
            ElsaType.Of(activity.Type) ?? activity.Type,
            activity.Name,
            [.. activity.SyntheticProperties.Select(property => Describe(property.Key, property.Value)).OfType<HostedInput>()],
            HostedValue.Of(activity.CustomProperties)
        );

    /// <summary>A setting; null for what is none, such as an output.</summary>
    private static HostedInput? Describe(string name, object? property) =>
        property switch
        {
            Output or null => null,
            Input { Expression: { } expression } => ExpressionOf(name, expression.Type, expression.Value),
            Input => null,
            _ => new HostedInput(name, "Literal", HostedValue.Of(property)),
        };

    private static HostedInput ExpressionOf(string name, string syntax, object? value)
    {
        var input = new HostedInput(name, syntax, FlowValue.Missing);
        return input.IsWritten ? input with { Value = HostedValue.Of(value) } : input;
    }
}
