using FlowEngine.Execution;

namespace FlowEngine.AspNetCore.Web.Edge;

/// <summary>What a record is called in the API's document; by default as in C#.</summary>
/// <param name="name">The name.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
internal sealed class SchemaNameAttribute(string name) : Attribute
{
    /// <summary>The name.</summary>
    public string Name => name;
}

/// <summary>The texts that a member or parameter is one of.</summary>
/// <param name="values">All of them.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal class OneOfAttribute(params string[] values) : Attribute
{
    /// <summary>All of them.</summary>
    public virtual IReadOnlyList<string> Values => values;
}

/// <summary>The member or parameter is what a run's status is called.</summary>
/// <param name="only">Which it may be; none (the default) for any.</param>
internal sealed class OneOfStatusesAttribute(params RunStatus[] only) : OneOfAttribute
{
    /// <summary>Whether a run that expired is called so, and not by the status of those that failed. Default false.</summary>
    public bool AndExpired { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Values =>
        [
            .. only.Length > 0 ? only.Select(status => status.ToName()) : RunStatusExtensions.Names,
            .. AndExpired ? [RunStatusExtensions.Expired] : Array.Empty<string>(),
        ];
}

/// <summary>What a value holds that is passed on as it is stored or made elsewhere.</summary>
/// <param name="type">The record that describes it, or a list of them.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class HoldsAttribute(Type type) : Attribute
{
    /// <summary>The record that describes it.</summary>
    public Type Type => type;

    /// <summary>Whether it may be null. Default false.</summary>
    public bool OrNull { get; init; }
}

/// <summary>A parameter of an address that has to be there.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class NeededAttribute : Attribute;
