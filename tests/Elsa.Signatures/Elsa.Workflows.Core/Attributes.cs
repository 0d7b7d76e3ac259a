namespace Elsa.Workflows.Attributes;

[AttributeUsage(AttributeTargets.Class | AttributeTargets.Interface | AttributeTargets.Method)]
public class ActivityAttribute : Attribute
{
    public ActivityAttribute(string @namespace, string? category, string? description = null) => throw null!;
}

[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public class InputAttribute : Attribute
{
    public bool AutoEvaluate
    {
        get => throw null!;
        set => throw null!;
    }

    public string? Description
    {
        get => throw null!;
        set => throw null!;
    }
}

[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class | AttributeTargets.Method | AttributeTargets.ReturnValue)]
public class OutputAttribute : Attribute
{
    public string? Description
    {
        get => throw null!;
        set => throw null!;
    }
}
