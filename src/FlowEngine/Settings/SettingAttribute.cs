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

    /// <summary>The longest duration allowed, in ISO 8601 form, such as <c>P366D</c>; null (the default) is no limit. Every
    /// duration is longer than none.</summary>
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

    /// <summary>The texts that are taken besides <see cref="Choices"/>, of files of before: nobody offers them. Null (the default) for
    /// none.</summary>
    public string[]? Tolerates { get; set; }

    /// <summary>Texts that a form offers where any text may stand, such as the words that have a meaning. Null (the default) for
    /// none.</summary>
    public string[]? Suggests { get; set; }

    /// <summary>What the form says below it. Null (the default) for the description; "" where the label says it all.</summary>
    public string? Hint { get; set; }

    /// <summary>Whether no form asks for it unless it is set: files of before may have it. Default false.</summary>
    public bool IsRare { get; set; }

    /// <summary>How the designer edits the setting; see <see cref="SettingEditors"/>. Null (the default) follows from the type.</summary>
    public string? Editor { get; set; }

    /// <summary>What it is to whoever needs it and knows no setting by name, such as the console's page of signatures; see
    /// <see cref="SettingRoles"/>. Null (the default): the form edits it, and nothing else asks for it.</summary>
    public string? Role { get; set; }

    /// <summary>What the form calls it. Default its name in words: <c>baseUrl</c> is "Base URL".</summary>
    public string? Label { get; set; }

    /// <summary>The heading of the form's part that it stands under. Sections come in the order of their first setting; those without one
    /// come last.</summary>
    public string? Section { get; set; }

    /// <summary>Whether its section is folded until somebody opens it, unless something in it is given or wrong. Default false.</summary>
    public bool Folded { get; set; }

    /// <summary>Its place among the settings of the form, smaller first. Default 0; equals stay as they are declared.</summary>
    public int Order { get; set; }

    /// <summary>
    /// When it counts, as <c>setting=value,value</c>: only while that other setting has one of these values; otherwise the form neither
    /// asks for it nor writes it.
    /// Null (the default) always.
    /// </summary>
    public string? When { get; set; }

    /// <summary>Like <see cref="When"/>, but it counts all the same: it is only not asked for where it is not given. Null (the default)
    /// always.</summary>
    public string? AskedWhen { get; set; }

    /// <summary>Whether it must be given whenever it counts by <see cref="When"/>. Default false.</summary>
    public bool RequiredThen { get; set; }

    /// <summary>The roots that its templates may begin with beside those that every run has, such as <c>statements</c>: whoever runs it
    /// gives their values, by a <see cref="Templates.LocalContext"/>. Null (the default) for none.</summary>
    public string[]? LocalRoots { get; set; }

    /// <summary>
    /// Where each expression of its templates stands by itself in the input of a step, with its number, from 0, behind it, such as
    /// <c>parameters.@p</c>; of a list, below each element. Null (the default): what stands in a text makes one value together. Lineage
    /// names its values so.
    /// </summary>
    public string? ExpressionsAt { get; set; }

    /// <summary>The setting beside it that, where it is given, says what stands in for a path of its templates that has no value. Null (the
    /// default) for none.</summary>
    public string? StandIn { get; set; }

    /// <summary>The boolean setting beside it that, where it is true, makes a secret of its text: stored encrypted, never shown, held by
    /// <see cref="IHoldsSecret"/> in place of the setting itself. Null (the default) for never.</summary>
    public string? SecretWhen { get; set; }

    /// <summary>Whether it tells the elements of a list apart, so that a stored secret stays with its element when others come and go, and
    /// does not become another's. Default false.</summary>
    public bool IsKey { get; set; }

    /// <summary>Whether a list of one may be written as its element alone. Default false.</summary>
    public bool TakesOne { get; set; }

    /// <summary>How many elements a list may have at most; 0 (the default) for as many as any.</summary>
    public int MaxItems { get; set; }

    /// <summary>What a new activity or connector has here to begin with, as JSON. Default its default where it is required, else
    /// nothing.</summary>
    public string? Initial { get; set; }

    /// <summary>The value, as JSON, by which a connector warns whoever looks at a list of them, such as <c>true</c>. Null (the default)
    /// never.</summary>
    public string? WarnsWhen { get; set; }

    /// <summary>What the connector then does, in a few words, such as "Trusts any certificate". Null (the default) for the label.</summary>
    public string? Warning { get; set; }

    /// <summary>
    /// Of a connector's setting: whether its stored secrets stay when it changes, because it has no say in where they go, in which place of
    /// a request, or how safely. False (the default): who changes it and does not know the secrets has them asked for again. So a new
    /// setting counts as a part of the connector's address until somebody has
    /// thought about it. Of an object or a list, it holds for all inside.
    /// </summary>
    public bool SecretsStay { get; set; }

    /// <summary>
    /// Of a connector's setting that is kept like a secret: whether it decides all the same where the other secrets go, or how safely, as
    /// the authorities do that are trusted: who changes it has them asked for again. Default false.
    /// </summary>
    public bool SecretsMove { get; set; }
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

/// <summary>What a setting of a connector's type can be to others. A type has each at most once; what it does not have, it does without:
/// without <see cref="Signature"/> the console shows no page of signatures.</summary>
public static class SettingRoles
{
    /// <summary>The URL that requests begin with.</summary>
    public const string Address = "address";

    /// <summary>How requests authenticate: an object that chooses between kinds.</summary>
    public const string Authentication = "authentication";

    /// <summary>The fixed headers of every request.</summary>
    public const string Headers = "headers";

    /// <summary>The key that requests are signed with.</summary>
    public const string Signature = "signature";

    /// <summary>How requests are signed as HTTP messages (RFC 9421).</summary>
    public const string MessageSignature = "messageSignature";

    /// <summary>Whether requests leave from the operator's static addresses.</summary>
    public const string StaticAddresses = "staticAddresses";

    /// <summary>Whether any certificate is trusted, as <c>curl -k</c> does.</summary>
    public const string AnyCertificate = "anyCertificate";

    /// <summary>Whether redirects are followed, as <c>curl -L</c> does.</summary>
    public const string Redirects = "redirects";

    /// <summary>The certificate that proves who calls, as <c>curl --cert</c> takes it.</summary>
    public const string ClientCertificate = "clientCertificate";

    /// <summary>The key of that certificate, as <c>curl --key</c> takes it.</summary>
    public const string ClientKey = "clientKey";

    /// <summary>What opens that key, as <c>curl --pass</c> takes it.</summary>
    public const string ClientKeyPassphrase = "clientKeyPassphrase";

    /// <summary>The only authorities that are trusted, as <c>curl --cacert</c> takes them.</summary>
    public const string Authorities = "authorities";

    /// <summary>How requests are signed for AWS, as <c>curl --aws-sigv4</c> does: an object of an access key, a region and a
    /// service.</summary>
    public const string AwsSignature = "awsSignature";
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

    /// <summary>Activities that stand inside this one, each written as in a flow.</summary>
    public const string Activities = "activities";

    /// <summary>Components that stand inside this one, each written as on a screen.</summary>
    public const string Components = "components";

    /// <summary>The options of a choice, or the path of a list of them.</summary>
    public const string Options = "options";

    /// <summary>One activity that stands inside this one, written as in a flow.</summary>
    public const string Activity = "activity";

    /// <summary>The branches of a condition.</summary>
    public const string Branches = "branches";

    /// <summary>One rule of a condition.</summary>
    public const string Rule = "rule";

    /// <summary>Outcomes by name, each with the texts that lead to it.</summary>
    public const string Outcomes = "outcomes";

    /// <summary>An object whose members the flow names: claims, outputs, arguments.</summary>
    public const string Members = "members";

    /// <summary>JSON, or a text in which templates stand for JSON values.</summary>
    public const string Json = "json";

    /// <summary>The id of a connector, of the type whose name follows.</summary>
    public const string Connector = "connector:";
}
