namespace FlowEngine.Screens;

/// <summary>Describes a type of component to the compiler, the JSON Schema and the designer's palette.</summary>
/// <param name="type">The type's name in flow files, such as <c>PasswordInput</c>.</param>
/// <param name="description">What it is, in a sentence.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ComponentAttribute(string type, string description) : Attribute
{
    /// <summary>The type's name.</summary>
    public string Type { get; } = type;

    /// <summary>What it is.</summary>
    public string Description { get; } = description;

    /// <summary>What the designer draws beside its name: an icon by its name, or a path, as for activities. Null (the default) for a plain
    /// one.</summary>
    public string? Icon { get; set; }

    /// <summary>What a new one has, as a JSON object of settings. Default nothing. A name or an id in it is made another where the screen
    /// has it already.</summary>
    public string New { get; set; } = "{}";

    /// <summary>What a person may have entered, as JSON: the designer shows with it what other screens make of it. Null (the default) for
    /// nothing.</summary>
    public string? Sample { get; set; }
}
