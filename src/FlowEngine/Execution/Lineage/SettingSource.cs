using FlowEngine.Errors;

namespace FlowEngine.Execution.Lineage;

/// <summary>Shared and immutable: that a value among an activity's settings is made of a path of the context.</summary>
/// <param name="To">The value, by its place among the settings, such as <c>headers.x-user-tier</c>; of a query the place of the parameter
/// in the step's input.</param>
/// <param name="Read">The path.</param>
internal sealed record SettingSource(string To, PathRead Read)
{
    /// <summary>The path as one would write it.</summary>
    public string Path { get; } = Read.ToText();

    /// <summary>The text that reads it, as it is written.</summary>
    public string? Expression { get; init; }

    /// <summary>The connector in whose file it stands; null for the flow's own.</summary>
    public string? Connector { get; init; }

    /// <summary>Where the value is put in the context, such as <c>claims.region</c>; null where the step does not say which value it puts
    /// where.</summary>
    public string? Writes { get; init; }

    /// <summary>The outcome with which alone it counts; null for any.</summary>
    public string? Outcome { get; init; }
}

/// <summary>Shared and thread-safe: what the settings of one activity are made of. It is worked out when somebody first asks, so that a
/// plan whose lineage nobody looks at has not paid for it.</summary>
/// <param name="find">Works it out.</param>
internal sealed class NodeSources(Func<IReadOnlyList<SettingSource>> find)
{
    private volatile IReadOnlyList<SettingSource>? _all;

    /// <summary>What they are made of, in the order in which they stand; those of one value behind each other.</summary>
    public IReadOnlyList<SettingSource> All => _all ??= find();
}
