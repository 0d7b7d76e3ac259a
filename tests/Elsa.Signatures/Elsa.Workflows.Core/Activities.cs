using Elsa.Workflows.Activities.Flowchart.Models;
using Elsa.Workflows.Models;

namespace Elsa.Workflows
{
    public interface IActivity
    {
        string Id { get; set; }

        string Type { get; set; }

        int Version { get; set; }

        IDictionary<string, object> SyntheticProperties { get; set; }
    }

    public interface ITerminalNode;

    public interface IActivityProvider
    {
        ValueTask<IEnumerable<ActivityDescriptor>> GetDescriptorsAsync(CancellationToken cancellationToken = default);
    }

    public enum ActivityKind
    {
        Action,
        Trigger,
        Job,
        Task,
    }

    public abstract class Activity : IActivity
    {
        protected Activity(string? source = null, int? line = null) => throw null!;

        public string Id
        {
            get => throw null!;
            set => throw null!;
        }

        public string? Name
        {
            get => throw null!;
            set => throw null!;
        }

        public string Type
        {
            get => throw null!;
            set => throw null!;
        }

        public int Version
        {
            get => throw null!;
            set => throw null!;
        }

        public IDictionary<string, object> CustomProperties
        {
            get => throw null!;
            set => throw null!;
        }

        public IDictionary<string, object> SyntheticProperties
        {
            get => throw null!;
            set => throw null!;
        }

        protected virtual ValueTask ExecuteAsync(ActivityExecutionContext context) => throw null!;
    }
}

namespace Elsa.Workflows.Activities
{
    public abstract class Composite : Activity
    {
        public IActivity Root
        {
            get => throw null!;
            set => throw null!;
        }
    }

    public abstract class Composite<T> : Composite;

    public abstract class Container : Activity
    {
        public ICollection<IActivity> Activities
        {
            get => throw null!;
            set => throw null!;
        }
    }

    public class Start : Activity;

    public class Workflow : Composite<object>
    {
        public WorkflowIdentity Identity
        {
            get => throw null!;
            set => throw null!;
        }

        public WorkflowMetadata WorkflowMetadata
        {
            get => throw null!;
            set => throw null!;
        }
    }
}

namespace Elsa.Workflows.Activities.Flowchart.Activities
{
    public class Flowchart : Container
    {
        public IActivity? Start
        {
            get => throw null!;
            set => throw null!;
        }

        public ICollection<Connection> Connections
        {
            get => throw null!;
            set => throw null!;
        }
    }
}

namespace Elsa.Workflows.Activities.Flowchart.Attributes
{
    [AttributeUsage(AttributeTargets.Class)]
    public class FlowNodeAttribute : Attribute
    {
        public FlowNodeAttribute(params string[] outcomes) => throw null!;
    }
}

namespace Elsa.Workflows.Activities.Flowchart.Models
{
    public class Connection
    {
        public Endpoint Source
        {
            get => throw null!;
            set => throw null!;
        }

        public Endpoint Target
        {
            get => throw null!;
            set => throw null!;
        }
    }

    public class Endpoint
    {
        public IActivity Activity
        {
            get => throw null!;
            set => throw null!;
        }

        public string? Port
        {
            get => throw null!;
            set => throw null!;
        }
    }

    public record Outcomes
    {
        public static readonly Outcomes Empty = null!;
    }
}
