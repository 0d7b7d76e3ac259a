using FlowEngine.Connectors;
using FlowEngine.Errors;
using FlowEngine.HttpConnector.Wire;
using FlowEngine.Settings;

namespace FlowEngine.HttpConnector.Authentication;

/// <summary>Bound once, then read only: the settings of the method <c>bearerToken</c>.</summary>
[Authentication("bearerToken", "Bearer token", "A fixed token.", IsFlat = true)]
[CredentialHeader("authorization", @"^bearer\s+(?<bearerToken>.*)$")]
public sealed class BearerTokenSettings : AuthenticationMethod
{
    /// <summary>The token.</summary>
    [Setting("The token.", Hint = "", Required = true)]
    public Secret? BearerToken { get; set; }

    /// <inheritdoc/>
    public override void Check(SourceLocation at, DiagnosticBag problems)
    {
        if (BearerToken is { IsEmpty: true })
            problems.Error(FlowErrors.Required, at.At("bearerToken"), "'bearerToken' is empty.", "Enter the token.");
    }

    /// <inheritdoc/>
    public override HttpAuthentication Create(AuthenticationContext context) => new BearerTokenAuthentication(context.Reveal(BearerToken));
}

/// <summary>Shared and immutable. Method <c>bearerToken</c>: a fixed token, RFC 6750 section 2.1.</summary>
/// <param name="token">The token.</param>
public sealed class BearerTokenAuthentication(string token) : HttpAuthentication
{
    private readonly string _value = "Bearer " + token;

    /// <inheritdoc/>
    public override ValueTask<HttpFault?> ApplyAsync(RequestHeaders headers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(headers);
        return new(headers.SetCredential("authorization", _value));
    }
}
