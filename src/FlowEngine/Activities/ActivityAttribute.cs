namespace FlowEngine.Activities;

/// <summary>Describes an activity type to the compiler, the JSON Schema and the designer's palette.</summary>
/// <param name="type">The type's name in flow files, such as <c>GenericHttp</c>.</param>
/// <param name="description">What it does, in a sentence.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ActivityAttribute(string type, string description) : Attribute
{
    /// <summary>The type's name.</summary>
    public string Type { get; } = type;

    /// <summary>What it does.</summary>
    public string Description { get; } = description;

    /// <summary>The palette's group. Default "Custom".</summary>
    public string Category { get; set; } = "Custom";

    /// <summary>The outcomes, unless the settings decide them. Default <c>Done</c>.</summary>
    public string[] Outcomes { get; set; } = ["Done"];

    /// <summary>The error events, each of which a flow can set to automatic, custom
    /// or ignore. Default none. An unexpected exception counts as the last.</summary>
    public string[] ErrorEvents { get; set; } = [];

    /// <summary>Whether a flow can set error events to ignore, which goes on
    /// by the first outcome as if all had gone well. Default true.</summary>
    public bool MayIgnoreErrors { get; set; } = true;

    /// <summary>Whether the activity may run inside Parallel. Default false.</summary>
    public bool CanRunInParallel { get; set; }
}
