namespace FlowEngine.Settings;

/// <summary>
/// Declares a property of a settings class. This one attribute drives binding, validation, the JSON Schema and the designer's form. The
/// property's initial value is its default; its JSON name is its own in camel case.
/// </summary>
/// <param name="description">What the setting does, in a sentence or two, for the designer and the schema.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SettingAttribute(string description) : Attribute
{
    /// <summary>What the setting does.</summary>
    public string Description { get; } = description;

    /// <summary>Whether the setting must be there and not be empty. Default false.</summary>
    public bool Required { get; set; }

    /// <summary>The smallest number allowed; NaN (the default) is no limit.</summary>
    public double Minimum { get; set; } = double.NaN;

    /// <summary>The largest number allowed; NaN (the default) is no limit.</summary>
    public double Maximum { get; set; } = double.NaN;

    /// <summary>The longest duration allowed, in ISO 8601 form, such as <c>P366D</c>; null (the default) is no limit. Every duration is longer than none.</summary>
    public string? Longest { get; set; }

    /// <summary>Whether a JSON <c>null</c> is a value of its own. False (the default): it is as if the setting were not given.</summary>
    public bool TakesNull { get; set; }

    /// <summary>What counts when it is not given, in words, where that is more than a value. Null (the default) says the property's initial
    /// value.</summary>
    public string? Otherwise { get; set; }

    /// <summary>The unit of a number, such as "seconds".</summary>
    public string? Unit { get; set; }

    /// <summary>The texts allowed; null (the default) allows any.</summary>
    public string[]? Choices { get; set; }

    /// <summary>How the designer edits the setting; see <see cref="SettingEditors"/>. Null (the default) follows from the type.</summary>
    public string? Editor { get; set; }

    /// <summary>
    /// Of a connector's setting: whether its stored secrets stay when it changes, because it has no say in where they go, in which place of
    /// a request, or how safely. False (the default): who changes it and does not know the secrets has them asked for again. So a new
    /// setting counts as a part of the connector's address until somebody has
    /// thought about it. Of an object or a list, it holds for all inside.
    /// </summary>
    public bool SecretsStay { get; set; }
}

/// <summary>
/// Declares what a member of an enum is written as in a setting that is a choice between more than texts, such as <c>false</c>, <c>true</c>
/// and <c>"durable"</c>, and what it promises in the words of the person who chooses. All members of such an enum have it.
/// </summary>
/// <param name="json">How it is written, as JSON.</param>
/// <param name="label">What it is called.</param>
/// <param name="description">What it does.</param>
[AttributeUsage(AttributeTargets.Field)]
public sealed class SettingOptionAttribute(string json, string label, string description) : Attribute
{
    /// <summary>How it is written, as JSON.</summary>
    public string Json { get; } = json;

    /// <summary>What it is called.</summary>
    public string Label { get; } = label;

    /// <summary>What it does.</summary>
    public string Description { get; } = description;
}

/// <summary>The editors that a setting can ask for.</summary>
public static class SettingEditors
{
    /// <summary>JavaScript source.</summary>
    public const string JavaScript = "javascript";

    /// <summary>SQL text.</summary>
    public const string Sql = "sql";

    /// <summary>A context key: letters, digits, <c>_</c> and <c>-</c>. Checked by the compiler.</summary>
    public const string ContextKey = "contextKey";

    /// <summary>A path of the context, such as <c>connectors.profile.statusCode</c>.</summary>
    public const string Path = "path";

    /// <summary>The id of a screen of the flow.</summary>
    public const string Screen = "screen";

    /// <summary>The id of another flow.</summary>
    public const string Flow = "flow";

    /// <summary>The id of a connector of type <c>http</c>.</summary>
    public const string HttpConnector = "connector:http";

    /// <summary>The id of a connector of type <c>sql</c>.</summary>
    public const string SqlConnector = "connector:sql";
}
