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
                            connection.Source.Port ?? "Done",
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
