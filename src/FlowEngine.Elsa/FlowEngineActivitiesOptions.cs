using FlowEngine.Activities;
using FlowEngine.Context;
using FlowEngine.Database;
using FlowEngine.Errors;
using FlowEngine.HttpConnector;

namespace FlowEngine.ElsaActivities;

/// <summary>Set while a program starts, then read only: what the activities of FlowEngine have in an Elsa.</summary>
public sealed class FlowEngineActivitiesOptions
{
    internal List<string> ConnectorFolders { get; } = [];

    internal List<string> FlowFolders { get; } = [];

    internal List<ActivityType> ActivityTypes { get; } = [];

    /// <summary>What HTTP connectors may do. The default reaches no private or loopback address.</summary>
    public HttpModuleOptions Http { get; set; } = new();

    /// <summary>What database connectors may do. The default opens any SQLite file that a connector of the folders names, and reaches no
    /// private or loopback address.</summary>
    public DatabaseModuleOptions Databases { get; set; } = new();

    /// <summary>Whether each step is told, without secrets, in the properties of its activity's execution, which Elsa keeps in its
    /// journal. Default true.</summary>
    public bool Trace { get; set; } = true;

    /// <summary>Adds the connectors of a folder: its files <c>*.connector.json</c>. They are read when the first activity is executed;
    /// one that is broken fails the workflows that use it.</summary>
    /// <param name="folder">The folder; a relative path is one from the current folder of the process.</param>
    public FlowEngineActivitiesOptions AddConnectors(string folder)
    {
        ConnectorFolders.Add(folder);
        return this;
    }

    /// <summary>Adds the flows of a folder: its files <c>*.flow.json</c> and <c>*.elsa.json</c>, for RunFlow and Subflow. Of two with one
    /// id the first counts.</summary>
    /// <param name="folder">The folder; a relative path is one from the current folder of the process.</param>
    public FlowEngineActivitiesOptions AddFlows(string folder)
    {
        FlowFolders.Add(folder);
        return this;
    }

    /// <summary>Adds activity types of your own; they become Elsa activities like the others.</summary>
    /// <param name="types">The types, see <see cref="ActivityType.Of"/>.</param>
    public FlowEngineActivitiesOptions AddActivities(params IEnumerable<ActivityType> types)
    {
        ActivityTypes.AddRange(types);
        return this;
    }
}
