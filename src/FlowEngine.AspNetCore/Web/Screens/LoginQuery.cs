using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Model;

namespace FlowEngine.AspNetCore.Web.Screens;

/// <summary>Shared and immutable: what the address of a login says. The pages of the
/// run keep the same query, so that it can be started again from each.</summary>
internal sealed record LoginQuery
{
    private static readonly string[] Own = ["redirect_uri", "state", "locale", "code_challenge", "code_challenge_method"];

    /// <summary>Where the person is sent back to, or null.</summary>
    public string? RedirectUri { get; private init; }

    /// <summary>What the application gets back unchanged, or null.</summary>
    public string? State { get; private init; }

    /// <summary>The locale asked for, or null.</summary>
    public string? Locale { get; private init; }

    /// <summary>The S256 challenge of RFC 7636; null for none, or when it is none that can be used.</summary>
    public string? CodeChallenge { get; private init; }

    /// <summary>Whether a challenge or its method was sent, usable or not.</summary>
    public bool HasChallenge { get; private init; }

    /// <summary>False when a parameter stands twice.</summary>
    public bool IsValid { get; private init; }

    public static LoginQuery Of(HttpRequest request)
    {
        var query = request.Query;
        string? Single(string name) =>
            query.TryGetValue(name, out var values) && values.Count == 1 && values[0] is { Length: > 0 } value ? value : null;
        var challenge = Single("code_challenge");
        return new LoginQuery
        {
            RedirectUri = Single("redirect_uri"),
            State = Single("state"),
            Locale = Single("locale"),
            CodeChallenge =
                Single("code_challenge_method") == "S256"
                && challenge?.Length == 43
                && challenge.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
                    ? challenge
                    : null,
            HasChallenge = query.ContainsKey("code_challenge") || query.ContainsKey("code_challenge_method"),
            IsValid = Own.All(name => query[name].Count <= 1),
        };
    }

    /// <summary>The other parameters: the run's <c>client.*</c>, converted to the types that the flow declares.</summary>
    public static FlowValue ClientInputs(HttpRequest request, IReadOnlyDictionary<string, FlowInput> declared)
    {
        var client = new FlowObjectBuilder();
        foreach (var (name, values) in request.Query)
        {
            if (!Own.Contains(name) && Identifier.IsContextKey(name) && values.Count > 0)
                client.Set(name, Convert(values[^1] ?? "", declared.GetValueOrDefault(name)?.Type ?? InputType.Any));
        }
        return FlowValue.From(client.Build());
    }

    private static FlowValue Convert(string text, InputType type)
    {
        if (type is InputType.String or InputType.Any)
            return FlowValue.From(text);
        try
        {
            return FlowValue.Parse(text);
        }
        catch (System.Text.Json.JsonException)
        {
            // The run says which input is wrong.
            return FlowValue.From(text);
        }
    }
}
