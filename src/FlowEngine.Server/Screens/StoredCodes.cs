using System.Globalization;
using FlowEngine.Context;
using FlowEngine.Json;
using FlowEngine.Server.Runs;

namespace FlowEngine.Server.Screens;

/// <summary>Per process, thread-safe: the one-time codes of hosted logins, on the storage: one is redeemed once, whichever node it comes to.</summary>
internal sealed class StoredCodes(Storage.OneTimeCodes codes) : OneTimeCodes
{
    /// <inheritdoc/>
    public override async ValueTask<string> IssueAsync(OneTimeGrant grant, CancellationToken cancellationToken)
    {
        var json = new FlowObjectBuilder(10);
        json.Set("run", FlowValue.From(grant.ExecutionId));
        json.Set("flow", FlowValue.From(grant.FlowId));
        json.Set("redirect", FlowValue.From(grant.RedirectUri));
        json.Set("challenge", FlowValue.From(grant.CodeChallenge));
        json.Set("user", grant.User);
        json.Set("claims", grant.Claims);
        json.Set("output", grant.Output);
        if (grant.Tokens is { } tokens)
        {
            json.Set("session", FlowValue.From(tokens.SessionJwt));
            json.Set("refresh", FlowValue.From(tokens.RefreshJwt));
            json.Set("expires", FlowValue.From(tokens.SessionExpiration.ToString("O", CultureInfo.InvariantCulture)));
        }
        return await codes.CreateAsync(JsonWriting.ToUtf8(FlowValue.From(json.Build())), cancellationToken);
    }

    /// <inheritdoc/>
    protected override async ValueTask<OneTimeGrant?> TakeAsync(string code, CancellationToken cancellationToken)
    {
        if (await codes.RedeemAsync(code, cancellationToken) is not { } content)
            return null;
        var json = JsonReading.Parse(content);
        return new OneTimeGrant
        {
            ExecutionId = json.Get("run").ToText(),
            FlowId = json.Get("flow").ToText(),
            RedirectUri = json.Get("redirect").ToText(),
            CodeChallenge = json.Get("challenge").TryGetText(out var challenge) ? challenge : null,
            User = json.Get("user"),
            Claims = json.Get("claims"),
            Output = json.Get("output"),
            Tokens = json.Get("session").TryGetText(out var session)
                ? new IssuedTokens(session, json.Get("refresh").ToText(), DateTimeOffset.Parse(json.Get("expires").ToText(), CultureInfo.InvariantCulture))
                : null,
        };
    }
}
