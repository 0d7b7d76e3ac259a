using System.Text;
using FlowEngine.Connectors;
using FlowEngine.HttpConnector.Wire;
using FlowEngine.Settings;

namespace FlowEngine.HttpConnector.Authentication;

/// <summary>Bound once, then read only: the settings of the method <c>basic</c>.</summary>
[Authentication("basic", "Basic", "User name and password.")]
[CredentialHeader("authorization", @"^basic\s+(?<base64>\S+)$", Decoded = @"^(?<username>[^:]*):(?<password>[\s\S]*)$")]
public sealed class BasicSettings : AuthenticationMethod
{
    /// <summary>The user name.</summary>
    [Setting("The user name.", Hint = "", Required = true, SecretsStay = true)]
    public string Username { get; set; } = "";

    /// <summary>The password.</summary>
    [Setting("The password.", Hint = "", Required = true)]
    public Secret Password { get; set; } = new("");

    /// <inheritdoc/>
    public override HttpAuthentication Create(AuthenticationContext context) => new BasicAuthentication(Username, context.Reveal(Password));
}

/// <summary>Shared and immutable. Method <c>basic</c>: RFC 7617, in UTF-8.</summary>
public sealed class BasicAuthentication : HttpAuthentication
{
    private static readonly HttpFault ColonInUserName = new(
        HttpFaultCodes.HeaderInvalid,
        "The user name of Basic authentication has a ':', which ends the name for the receiver (RFC 7617). Use another user name."
    );

    private readonly string _value;
    private readonly HttpFault? _problem;

    /// <summary>Makes the credentials.</summary>
    /// <param name="userName">The user name, without ':'; with one, every use ends in the fault <c>http.header_invalid</c>.</param>
    /// <param name="password">The password: any text.</param>
    public BasicAuthentication(string userName, string password)
    {
        ArgumentNullException.ThrowIfNull(userName);
        _problem = userName.Contains(':', StringComparison.Ordinal) ? ColonInUserName : null;
        _value = Encode(userName, password);
    }

    /// <inheritdoc/>
    public override IEnumerable<string> SecretValues => [_value["Basic ".Length..]];

    /// <inheritdoc/>
    public override ValueTask<HttpFault?> ApplyAsync(RequestHeaders headers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(headers);
        return new(_problem ?? headers.SetCredential("authorization", _value));
    }

    internal static string Encode(string userName, string password) =>
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{userName}:{password}"));
}
