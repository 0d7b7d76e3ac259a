using FlowEngine.Context;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Execution;

/// <summary>When a run is stored.</summary>
public enum Durability
{
    /// <summary>Before each screen is shown. The default.</summary>
    [SettingOption("\"screen\"", "Before each screen", "A crash goes back to the last screen.")]
    Screen,

    /// <summary>Also after every activity.</summary>
    [SettingOption("\"step\"", "After every activity", "A crash loses nothing in between.")]
    Step,
}

/// <summary>Who may start a flow.</summary>
public enum FlowAccess
{
    /// <summary>Anybody. The default of a flow with a screen.</summary>
    [SettingOption("\"public\"", "Anybody", "Whoever reaches the server.")]
    Public,

    /// <summary>Whoever has the management key. The default of a flow without screens.</summary>
    [SettingOption(
        "\"key\"",
        "With the management key only",
        "Whoever has the management key; sign-in pages, web component and API refuse everybody else."
    )]
    Key,
}

/// <summary>The JSON types that an input can be declared with.</summary>
public enum InputType
{
    /// <summary>Any value. The default.</summary>
    [SettingOption("\"any\"", "any", "")]
    Any,

    /// <summary>A text.</summary>
    [SettingOption("\"string\"", "string", "")]
    String,

    /// <summary>A number.</summary>
    [SettingOption("\"number\"", "number", "")]
    Number,

    /// <summary>A whole number.</summary>
    [SettingOption("\"integer\"", "integer", "")]
    Integer,

    /// <summary>True or false.</summary>
    [SettingOption("\"boolean\"", "boolean", "")]
    Boolean,

    /// <summary>An object.</summary>
    [SettingOption("\"object\"", "object", "")]
    Object,

    /// <summary>An array.</summary>
    [SettingOption("\"array\"", "array", "")]
    Array,
}

/// <summary>Shared and immutable: an input that a flow declares.</summary>
public sealed record FlowInput
{
    /// <summary>The JSON type. Default any.</summary>
    [Setting("The JSON type of the input.")]
    public InputType Type { get; init; }

    /// <summary>Whether a run cannot start without it. Default false.</summary>
    [Setting("Whether a run cannot start without it.")]
    public bool Required { get; init; }

    /// <summary>What stands in when it is not given; missing (the default) for nothing.</summary>
    [Setting("What stands in when the input is not given.", TakesNull = true)]
    public FlowValue Default { get; init; }

    /// <summary>Whether its value is a secret: redacted in traces, logs and errors. Default false.</summary>
    [Setting("Whether its value is a secret: redacted in traces, logs and errors.")]
    public bool Sensitive { get; init; }
}

/// <summary>Shared and immutable: the tokens that a flow's End issues.</summary>
public sealed record FlowTokens
{
    /// <summary>The audience of the token; null (the default) for the server's.</summary>
    [Setting("The audience. Default the server's.")]
    public string? Audience { get; init; }

    /// <summary>How long a session token is valid, in minutes. Default 10.</summary>
    [Setting("How long a session token is valid.", Unit = "minutes", Minimum = 1, Maximum = 1440)]
    public int SessionMinutes { get; init; } = 10;

    /// <summary>How long a refresh token is valid, in days. Default 28.</summary>
    [Setting("How long a refresh token is valid.", Unit = "days", Minimum = 1, Maximum = 366)]
    public int RefreshDays { get; init; } = 28;
}

/// <summary>Shared and immutable: what a flow says about its runs as a whole, its optional members at the top (SPEC 3). Read,
/// checked, described in the JSON Schema and edited in the console by their attributes.</summary>
public sealed record FlowOptions
{
    /// <summary>How many names that nobody declared are taken at most, with <see cref="UndeclaredInputs"/>.</summary>
    public const int MaxUndeclared = 100;

    /// <summary>How many characters the value of <see cref="Reference"/> may have; a longer one finds nothing.</summary>
    public const int MaxReference = 256;

    /// <summary>The declared inputs, by their name under <c>client</c>, in the order declared.</summary>
    [Setting("The inputs by name, checked when a run starts: client.<name>.")]
    public IReadOnlyDictionary<string, FlowInput> Inputs { get; init; } = new Dictionary<string, FlowInput>();

    /// <summary>Whether inputs that are not declared, and form names that the submitted screen does not have, are taken all the same, at
    /// most <see cref="MaxUndeclared"/> of each, marked as sensitive. Default false: they are dropped, and counted in the trace.</summary>
    [Setting(
        "Whether inputs that are not declared, and form names that the submitted screen does not have, are taken all the same. For one release."
    )]
    public bool UndeclaredInputs { get; init; }

    /// <summary>Who may start the flow; null (the default): as <see cref="FlowAccess"/> says. A compiled flow has one.</summary>
    [Setting("Who may start the flow. Default public for a flow with a screen, key without.")]
    public FlowAccess? Access { get; init; }

    /// <summary>When a run is stored. Default: at screens.</summary>
    [Setting("When a run is stored: before each screen, or also after every activity.")]
    public Durability Durability { get; init; }

    /// <summary>How long after its start a run expires. Default one hour.</summary>
    [Setting("How long after its start a run expires: an ISO 8601 duration of at most a year.", Longest = "P366D")]
    public TimeSpan ExpiresAfter { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long one submission may wait for what the flow asks, all HTTP calls with their retries and tokens, queries and scripts
    /// together; null (the default) for as long as their own timeouts allow.</summary>
    [Setting(
        "How long one submission may wait, all HTTP calls, queries and scripts together: an ISO 8601 duration of at most ten minutes. "
            + "What would begin after it ends with flow.budget.",
        Longest = "PT10M"
    )]
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>What a run is found by, such as <c>{{form.email}}</c>, as soon as its paths have a value; null (the default) for none.
    /// Stored as a keyed hash, and encrypted to be shown to operators.</summary>
    [Setting(
        "What a run is found by in the console, such as {{form.email}}: kept as a keyed hash for exact search, and shown to operators."
    )]
    public Template? Reference { get; init; }

    /// <summary>Where hosted screens may send the person back to; compared as a whole, as they are written. Default nowhere.</summary>
    [Setting("Where hosted screens may send the person back to: absolute URLs, compared as a whole.")]
    public IReadOnlyList<Uri> RedirectUris { get; init; } = [];

    /// <summary>Whether a hosted login with a return address must bring a <c>code_challenge</c> (RFC 7636, S256). Default true.</summary>
    [Setting(
        "Whether a hosted login with a redirect_uri must bring a code_challenge (PKCE, S256). Turn it off only for an application that cannot."
    )]
    public bool RequirePkce { get; init; } = true;

    /// <summary>Translations of screen texts: locale → text → translation.</summary>
    [Setting("Translations of screen texts: locale, text, translation.")]
    public IReadOnlyDictionary<string, FlowObject> Locales { get; init; } = new Dictionary<string, FlowObject>();

    /// <summary>The failures after which the flow may issue a token all the same, each as <see cref="AcceptedFailure"/> reads it. Default
    /// none.</summary>
    [Setting(
        "The failures after which the flow may issue a token all the same, each as \"<activity>: <how it fails>\", "
            + "such as \"profile: timeout\": an error event, an outcome, a status, a range, a class, or a code's last word.",
        MaxItems = AcceptedFailures.MaxEntries
    )]
    public IReadOnlyList<string> Accepts { get; init; } = [];

    /// <summary>The tokens that an End issues.</summary>
    [Setting("The tokens that an End issues.")]
    public FlowTokens Tokens { get; init; } = new();
}
