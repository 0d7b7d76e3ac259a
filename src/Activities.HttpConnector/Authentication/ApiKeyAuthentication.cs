using FlowEngine.Connectors;
using FlowEngine.Errors;
using FlowEngine.HttpConnector.Wire;
using FlowEngine.Settings;

namespace FlowEngine.HttpConnector.Authentication;

/// <summary>Bound once, then read only: the settings of the method <c>apiKey</c>.</summary>
[Authentication("apiKey", "API key", "The header's name and the key.")]
[CredentialHeader("authorization", "^(?<token>.*)$", NameSetting = "key", IsLast = true)]
[CredentialHeader(
    "(x-)?(.*-)?(api|access|auth|subscription|functions|app)[-_]?(key|token|secret)|(x-)?(apikey|token|secret|private-token|auth-token)",
    "^(?<token>.*)$",
    NameSetting = "key"
)]
public sealed class ApiKeySettings : AuthenticationMethod
{
    /// <summary>The header's name.</summary>
    [Setting("The header's name, such as x-api-key.", Required = true)]
    public string Key { get; set; } = "";

    /// <summary>The key itself.</summary>
    [Setting("The key.", Required = true)]
    public Secret Token { get; set; } = new("");

    /// <inheritdoc/>
    public override string? Header => Key;

    /// <inheritdoc/>
    public override void Check(SourceLocation at, DiagnosticBag problems)
    {
        if (Key.Length > 0 && RequestHeaders.Check(Key, "") is { } fault)
            problems.Error(HttpErrors.HeaderInvalid, at.At("key"), fault.Message);
    }

    /// <inheritdoc/>
    public override HttpAuthentication Create(AuthenticationContext context) => new ApiKeyAuthentication(Key, context.Reveal(Token));
}

/// <summary>Shared and immutable. Method <c>apiKey</c>: a key in a header of the API's choice.</summary>
/// <param name="key">The header's name, such as <c>x-api-key</c>.</param>
/// <param name="token">The key itself.</param>
public sealed class ApiKeyAuthentication(string key, string token) : HttpAuthentication
{
    /// <inheritdoc/>
    public override ValueTask<HttpFault?> ApplyAsync(RequestHeaders headers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(headers);
        return new(headers.SetCredential(key, token));
    }
}
