using FlowEngine.Context;

namespace FlowEngine.Model;

/// <summary>When a run is stored.</summary>
public enum Durability
{
    /// <summary>Before each screen is shown. The default.</summary>
    Screen,

    /// <summary>Also after every activity.</summary>
    Step,
}

/// <summary>Shared and immutable: an input that a flow declares.</summary>
/// <param name="Name">The name under <c>client</c>.</param>
/// <param name="Type">The JSON type: <c>string</c>, <c>number</c>, <c>boolean</c>, <c>object</c>, <c>array</c> or <c>any</c>.</param>
/// <param name="Required">Whether a run cannot start without it.</param>
/// <param name="Default">What stands in when it is not given; missing for none.</param>
public sealed record FlowInput(string Name, string Type, bool Required, FlowValue Default)
{
    /// <summary>Whether its value is a secret: redacted in traces, logs and errors. Default false.</summary>
    public bool Sensitive { get; init; }
}

/// <summary>Who may start a flow.</summary>
public enum FlowAccess
{
    /// <summary>Anybody. The default of a flow with a screen.</summary>
    Public,

    /// <summary>Whoever has the management key. The default of a flow without screens.</summary>
    Key,
}

/// <summary>Shared and immutable: what a flow says about its runs as a whole.</summary>
public sealed record FlowOptions
{
    /// <summary>How many names that nobody declared are taken at most, with <see cref="UndeclaredInputs"/>.</summary>
    public const int MaxUndeclared = 100;

    /// <summary>The declared inputs.</summary>
    public IReadOnlyList<FlowInput> Inputs { get; init; } = [];

    /// <summary>Whether inputs that are not declared, and form names that the submitted screen does not have, are taken all the same, at
    /// most <see cref="MaxUndeclared"/> of each, marked as sensitive. Default false: they are dropped, and counted in the trace.</summary>
    public bool UndeclaredInputs { get; init; }

    /// <summary>Who may start the flow. Default as <see cref="FlowAccess"/> says.</summary>
    public FlowAccess Access { get; init; }

    /// <summary>When a run is stored. Default: at screens.</summary>
    public Durability Durability { get; init; }

    /// <summary>How many characters the value of <see cref="Reference"/> may have; a longer one finds nothing.</summary>
    public const int MaxReference = 256;

    /// <summary>What a run is found by, such as <c>{{form.email}}</c>, as soon as its paths have a value; null (the default) for none.
    /// Stored as a keyed hash, and encrypted to be shown to operators.</summary>
    public string? Reference { get; init; }

    /// <summary>How long after its start a run expires. Default one hour.</summary>
    public TimeSpan ExpiresAfter { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Where hosted screens may send the person back to. Default nowhere.</summary>
    public IReadOnlyList<string> RedirectUris { get; init; } = [];

    /// <summary>Whether a hosted login with a return address must bring a <c>code_challenge</c> (RFC 7636, S256). Default true.</summary>
    public bool RequirePkce { get; init; } = true;

    /// <summary>The audience of the token; null (the default) for the server's.</summary>
    public string? Audience { get; init; }

    /// <summary>How long a session token is valid, in minutes. Default 10.</summary>
    public int SessionMinutes { get; init; } = 10;

    /// <summary>How long a refresh token is valid, in days. Default 28.</summary>
    public int RefreshDays { get; init; } = 28;

    /// <summary>Translations of screen texts: locale → text → translation.</summary>
    public FlowValue Locales { get; init; }

    /// <summary>Whether an input is declared.</summary>
    internal bool Declares(string name)
    {
        foreach (var input in Inputs)
        {
            if (input.Name == name)
                return true;
        }
        return false;
    }
}
