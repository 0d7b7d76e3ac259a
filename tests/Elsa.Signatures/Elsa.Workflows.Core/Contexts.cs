using System.Runtime.CompilerServices;
using Elsa.Expressions.Models;
using Elsa.Workflows;
using Elsa.Workflows.Activities;
using Elsa.Workflows.Memory;
using Elsa.Workflows.Models;

namespace Elsa.Workflows
{
    public delegate ValueTask ExecuteActivityDelegate(ActivityExecutionContext context);

    public partial class ActivityExecutionContext
    {
        public IActivity Activity
        {
            get => throw null!;
            set => throw null!;
        }

        public CancellationToken CancellationToken => throw null!;

        public ExpressionExecutionContext ExpressionExecutionContext => throw null!;

        public ActivityExecutionContext? ParentActivityExecutionContext => throw null!;

        public IDictionary<string, object> Properties => throw null!;

        public ActivityStatus Status => throw null!;

        public WorkflowExecutionContext WorkflowExecutionContext => throw null!;

        public IDictionary<string, object> WorkflowInput => throw null!;

        public IDictionary<string, object> ActivityInput => throw null!;

        public ValueTask CompleteActivityAsync(object? result = null) => throw null!;

        public ValueTask CompleteActivityWithOutcomesAsync(params string[] outcomes) => throw null!;

        public Bookmark CreateBookmark(CreateBookmarkArgs? options = null) => throw null!;

        public T? Get<T>(Input<T>? input) => throw null!;

        public T GetRequiredService<T>()
            where T : notnull => throw null!;

        public void Set(Output? output, object? value, [CallerArgumentExpression(nameof(output))] string? outputName = null) => throw null!;
    }

    public partial class WorkflowExecutionContext
    {
        public string Id
        {
            get => throw null!;
            set => throw null!;
        }

        public IDictionary<string, object> Input
        {
            get => throw null!;
            set => throw null!;
        }

        public IDictionary<string, object> Output
        {
            get => throw null!;
            set => throw null!;
        }

        public IDictionary<string, object> Properties
        {
            get => throw null!;
            set => throw null!;
        }

        public Workflow Workflow => throw null!;

        public IReadOnlyCollection<ActivityExecutionContext> ActivityExecutionContexts => throw null!;

        public IActivityScheduler Scheduler => throw null!;
    }

    public interface IActivityScheduler
    {
        bool HasAny { get; }
    }

    public enum ActivityStatus
    {
        Pending,
        Running,
        Completed,
        Canceled,
        Faulted,
    }
}

namespace Elsa.Workflows.Memory
{
    public class Variable;
}

namespace Elsa.Workflows.Signals
{
    public class ScheduleChildActivity
    {
        public ScheduleChildActivity(IActivity activity, IDictionary<string, object>? input = null) => throw null!;
    }
}

namespace Elsa.Extensions
{
    public static class ActivityExecutionContextExtensions
    {
        public static ValueTask SendSignalAsync(this ActivityExecutionContext context, object signal) => throw null!;

        public static Variable SetDynamicVariable<T>(
            this ActivityExecutionContext context,
            string name,
            T value,
            Action<MemoryBlock>? configure = null
        ) => throw null!;
    }

    public static class ActivityPropertyExtensions
    {
        public static bool GetCanStartWorkflow(this IActivity activity) => throw null!;
    }

    public static class ExpressionExecutionContextExtensions
    {
        public static object GetVariableInScope(this ExpressionExecutionContext context, string variableName) => throw null!;

        public static IEnumerable<string> GetVariableNamesInScope(this ExpressionExecutionContext context) => throw null!;
    }
}
