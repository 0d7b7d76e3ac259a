using Elsa.Expressions.Models;

namespace Elsa.Workflows.Models;

public abstract class Argument;

public abstract class Input : Argument
{
    public Expression? Expression => throw null!;
}

public class Input<T> : Input;

public class Output : Argument;

public class Output<T> : Output;

public class Bookmark;

public class CreateBookmarkArgs
{
    public object? Stimulus
    {
        get => throw null!;
        set => throw null!;
    }

    public ExecuteActivityDelegate? Callback
    {
        get => throw null!;
        set => throw null!;
    }

    public string? BookmarkName
    {
        get => throw null!;
        set => throw null!;
    }

    public bool AutoComplete
    {
        get => throw null!;
        set => throw null!;
    }
}

public record WorkflowIdentity
{
    public string DefinitionId
    {
        get => throw null!;
        init => throw null!;
    }
}

public record WorkflowMetadata
{
    public string? Name
    {
        get => throw null!;
        init => throw null!;
    }
}

public enum PortType
{
    Embedded,
    Flow,
}

public class Port
{
    public string Name
    {
        get => throw null!;
        set => throw null!;
    }

    public string? DisplayName
    {
        get => throw null!;
        set => throw null!;
    }

    public PortType Type
    {
        get => throw null!;
        set => throw null!;
    }
}

public record ActivityConstructorContext
{
    public ActivityConstructionResult CreateActivity(Type type) => throw null!;
}

public class ActivityConstructionResult
{
    public IActivity Activity => throw null!;
}

public class ActivityDescriptor
{
    public string TypeName
    {
        get => throw null!;
        set => throw null!;
    }

    public Type ClrType
    {
        get => throw null!;
        set => throw null!;
    }

    public string Namespace
    {
        get => throw null!;
        set => throw null!;
    }

    public string Name
    {
        get => throw null!;
        set => throw null!;
    }

    public int Version
    {
        get => throw null!;
        set => throw null!;
    }

    public string Category
    {
        get => throw null!;
        set => throw null!;
    }

    public string? DisplayName
    {
        get => throw null!;
        set => throw null!;
    }

    public string? Description
    {
        get => throw null!;
        set => throw null!;
    }

    public ICollection<InputDescriptor> Inputs
    {
        get => throw null!;
        init => throw null!;
    }

    public ICollection<OutputDescriptor> Outputs
    {
        get => throw null!;
        init => throw null!;
    }

    public Func<ActivityConstructorContext, ActivityConstructionResult> Constructor
    {
        get => throw null!;
        set => throw null!;
    }

    public ActivityKind Kind
    {
        get => throw null!;
        set => throw null!;
    }

    public ICollection<Port> Ports
    {
        get => throw null!;
        set => throw null!;
    }

    public bool IsTerminal
    {
        get => throw null!;
        set => throw null!;
    }
}

public abstract class PropertyDescriptor
{
    public string Name
    {
        get => throw null!;
        set => throw null!;
    }

    public Type Type
    {
        get => throw null!;
        set => throw null!;
    }

    public string? DisplayName
    {
        get => throw null!;
        set => throw null!;
    }

    public string? Description
    {
        get => throw null!;
        set => throw null!;
    }

    public float Order
    {
        get => throw null!;
        set => throw null!;
    }

    public bool IsSynthetic
    {
        get => throw null!;
        set => throw null!;
    }

    public Func<IActivity, object?> ValueGetter
    {
        get => throw null!;
        set => throw null!;
    }

    public Action<IActivity, object?> ValueSetter
    {
        get => throw null!;
        set => throw null!;
    }
}

public class InputDescriptor : PropertyDescriptor
{
    public bool IsWrapped
    {
        get => throw null!;
        set => throw null!;
    }

    public string UIHint
    {
        get => throw null!;
        set => throw null!;
    }

    public string? DefaultSyntax
    {
        get => throw null!;
        set => throw null!;
    }

    public bool IsSensitive
    {
        get => throw null!;
        set => throw null!;
    }

    public bool AutoEvaluate
    {
        get => throw null!;
        set => throw null!;
    }

    public IDictionary<string, object>? UISpecifications
    {
        get => throw null!;
        set => throw null!;
    }
}

public class OutputDescriptor : PropertyDescriptor;
