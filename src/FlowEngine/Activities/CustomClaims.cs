using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Activities;

/// <summary>Bound once, then read only: the settings of CustomClaims.</summary>
public sealed class CustomClaimsSettings
{
    /// <summary>The claims.</summary>
    [Setting(
        "The claims by name: at most 100 names of at most 60 characters, texts of at most 500.",
        Required = true,
        Editor = SettingEditors.Members,
        Initial = "{}"
    )]
    public JsonTemplate Claims { get; set; } = JsonTemplate.None;
}

/// <summary>Shared and immutable: adds claims to <c>claims.*</c>, which stand at the top level of the token.</summary>
[Activity(
    "CustomClaims",
    "Adds claims to the token.",
    Category = "Identity",
    Icon = "tags",
    Tone = ActivityTone.User,
    Stem = "claims",
    Summary = "{claims}"
)]
[Writes("claims.*", "Claim of the token", MembersOf = "claims")]
public sealed class CustomClaims : FlowActivity
{
    private const int MaxNames = 100;
    private const int MaxNameLength = 60;
    private const int MaxTextLength = 500;

    /// <summary>The registered claims that the token's issuer sets itself (RFC 7519, 4.1).</summary>
    private static readonly string[] Reserved = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

    private readonly JsonTemplate _claims;

    internal CustomClaims(CustomClaimsSettings settings, ActivityCompilation compilation)
    {
        _claims = settings.Claims;
        var json = compilation.Definition.Json.Get("claims");
        if (json.IsNothing)
            return;
        if (!json.TryGetObject(out var obj))
        {
            compilation.Error(FlowErrors.Type, "claims", "'claims' is not an object.", "Write { \"<claim>\": <value> }.");
            return;
        }

        var at = compilation.At("claims");
        if (obj.Count > MaxNames)
            compilation.Problems.Error(FlowErrors.Claim, at, $"There are {obj.Count} claims.");
        foreach (var name in obj.Shape.Names)
        {
            if (Array.IndexOf(Reserved, name) >= 0)
                compilation.Problems.Error(FlowErrors.Claim, at.At(name), $"'{name}' is set by the issuer of the token.");
            else if (name.Length is 0 or > MaxNameLength)
                compilation.Problems.Error(FlowErrors.Claim, at.At(name), $"A claim's name has {name.Length} characters.");
        }
    }

    /// <inheritdoc/>
    public override ContextWrites WritesByOutcome(int outcome) =>
        ContextWrites.Of(_claims.MemberNames.Select(name => new ContextWrite(ContextRoot.Claims, name, ValueShape.Any, IsCertain: true)));

    /// <inheritdoc/>
    public override ValueTask<Outcome> ExecuteAsync(RunContext context, CancellationToken cancellationToken)
    {
        var written = _claims.Evaluate(context);
        if (ValueLimits.Check(written, "The claims") is { } problem)
            return new(Outcome.Fail(problem));
        written.TryGetObject(out var claims);
        if (TooLong(claims!) is { } name)
            return new(Outcome.Fail(FlowErrors.ClaimValue, $"The claim '{name}' has a text longer than {MaxTextLength} characters."));

        context.Claims.TryGetObject(out var merged);
        if (merged!.Count == 0)
        {
            merged = claims!;
        }
        else
        {
            var all = new FlowObjectBuilder(merged);
            foreach (var (key, value) in claims!)
                all.Set(key, value);
            merged = all.Build();
            if (merged.Count > MaxNames)
                return new(Outcome.Fail(FlowErrors.Claim, $"The run has {merged.Count} claims; {MaxNames} are allowed."));
        }
        context.Claims = FlowValue.From(merged);
        if (context.Step is { } step)
        {
            step.Output = context.Claims;
            step.AddWrite("claims");
        }
        return new(Outcome.Success);
    }

    private static string? TooLong(FlowObject claims)
    {
        var values = claims.Values;
        for (var i = 0; i < values.Length; i++)
        {
            if (IsTooLong(values[i]))
                return claims.Shape.Names[i];
        }
        return null;
    }

    private static bool IsTooLong(FlowValue value)
    {
        if (value.TryGetText(out var text))
            return text.Length > MaxTextLength;
        if (value.TryGetArray(out var array))
        {
            foreach (ref readonly var item in array.AsSpan())
            {
                if (IsTooLong(item))
                    return true;
            }
        }
        return value.TryGetObject(out var obj) && TooLong(obj) is not null;
    }
}
