using FlowEngine.Context;
using FlowEngine.Errors;

namespace FlowEngine.Model;

/// <summary>Shared and immutable: a flow as its file says it, before it is
/// compiled. The whole JSON is kept, unknown fields included.</summary>
public sealed record FlowDefinition
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name; the id when none is given.</summary>
    public required string Name { get; init; }

    /// <summary>The id of the activity that comes first.</summary>
    public required string Start { get; init; }

    /// <summary>The activities, in order.</summary>
    public required IReadOnlyList<ActivityDefinition> Activities { get; init; }

    /// <summary>The connections, in order.</summary>
    public required IReadOnlyList<ConnectionDefinition> Connections { get; init; }

    /// <summary>The screens, in order.</summary>
    public required IReadOnlyList<ScreenDefinition> Screens { get; init; }

    /// <summary>The whole file.</summary>
    public required FlowObject Json { get; init; }

    /// <summary>Where the whole file is.</summary>
    public required SourceLocation Location { get; init; }

    /// <summary>Whether errors were reported when it was read. Such a flow is
    /// compiled only to find its other problems: it never becomes a plan.</summary>
    public bool HasErrors { get; init; }
}

/// <summary>Shared and immutable: an activity of a flow file.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type">Its type.</param>
/// <param name="Json">All of it, settings included.</param>
/// <param name="Location">Where it stands.</param>
public sealed record ActivityDefinition(string Id, string Type, FlowObject Json, SourceLocation Location);

/// <summary>Shared and immutable: a connection of a flow file.</summary>
/// <param name="Source">The id of the activity it leaves.</param>
/// <param name="Port">The outcome it leaves by.</param>
/// <param name="Target">The id of the activity it leads to.</param>
/// <param name="Location">Where it stands.</param>
public sealed record ConnectionDefinition(string Source, string Port, string Target, SourceLocation Location)
{
    /// <summary>The template of the message that the next screen shows to whoever came this way; null (the default) for none.</summary>
    public string? Message { get; init; }
}

/// <summary>Shared and immutable: a screen of a flow file.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Json">All of it.</param>
/// <param name="Location">Where it stands.</param>
public sealed record ScreenDefinition(string Id, FlowObject Json, SourceLocation Location);
