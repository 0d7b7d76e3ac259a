using System.Text.Json.Serialization;
using FlowEngine.Context;

namespace FlowEngine.Tracing;

/// <summary>Where a value that a step was given came from. Shared and immutable; never a value of the run.</summary>
/// <param name="To">The value, by its place among the activity's settings: <c>headers.x-user-tier</c>, <c>query.page</c>,
/// <c>body.user.id</c>, <c>parameters.@p0</c>, <c>claims.region</c>, <c>user.userId</c>, <c>arguments.tier</c>.</param>
/// <param name="From">The paths that it was made of, each once.</param>
public sealed record LineageEntry(string To, IReadOnlyList<LineageSource> From)
{
    /// <summary>How many characters of an expression are told; what is longer ends with <c>…</c>.</summary>
    public const int MaxExpression = 500;

    /// <summary>The text that made it, as the flow has it: a template, the key of a rule, a script. Of a connector's file only what stands
    /// in braces.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? Expression { get; init; }

    /// <summary>The connector whose file says so; null where the flow does.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? Connector { get; init; }

    /// <summary>Where the value was put in the context, such as <c>claims.region</c>; null where all that the step was given may be in what
    /// it wrote, as with a call or a script.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? Writes { get; init; }

    /// <summary>The entry as data.</summary>
    internal FlowValue ToValue()
    {
        var entry = new FlowObjectBuilder(5);
        entry.Set("to", FlowValue.From(To));
        entry.Set("from", FlowValue.Array(From.Select(source => source.ToValue())));
        if (Expression is not null)
            entry.Set("expression", FlowValue.From(Expression));
        if (Connector is not null)
            entry.Set("connector", FlowValue.From(Connector));
        if (Writes is not null)
            entry.Set("writes", FlowValue.From(Writes));
        return FlowValue.From(entry.Build());
    }
}

/// <summary>A path that a value was made of. Shared and immutable.</summary>
/// <param name="Path">The path.</param>
/// <param name="Step">The step that wrote it last, counted from 1 in the trace; the step itself for what it made on its way, such as the
/// statements before. Null where no step did: an input of the run, what the run itself knows (<c>flow</c>, <c>device</c>), nothing.</param>
public sealed record LineageSource(string Path, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int? Step)
{
    /// <summary>Which of that step's children it was, counted from 1, and which of that one's, and so on; empty for itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public IReadOnlyList<int> Branch { get; init; } = [];

    /// <summary>The source as data.</summary>
    internal FlowValue ToValue()
    {
        var source = new FlowObjectBuilder(3);
        source.Set("path", FlowValue.From(Path));
        if (Step is { } step)
            source.Set("step", FlowValue.From(step));
        if (Branch.Count > 0)
            source.Set("branch", FlowValue.Array(Branch.Select(child => FlowValue.From(child))));
        return FlowValue.From(source.Build());
    }
}
