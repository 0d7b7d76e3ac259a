using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FlowEngine.Connectors;
using FlowEngine.HttpConnector;
using FlowEngine.HttpConnector.Authentication;
using FlowEngine.HttpConnector.Wire;
using FlowEngine.Settings;

namespace Acme.Club;

/// <summary>Bound once, then read only: the authentication <c>acmeStamp</c> of HTTP connectors.</summary>
[Authentication("acmeStamp", "Acme stamp", "Who sends requests, and what they are stamped with.")]
[CredentialHeader("x-acme-stamp", @"^(?<sender>[^.]+)\.\d+\..*$")]
public sealed class StampSettings : AuthenticationMethod
{
    /// <summary>Who sends.</summary>
    [Setting("The name that Acme knows the sender by.", Required = true, SecretsStay = true)]
    public string Sender { get; set; } = "";

    /// <summary>What stamps are made with.</summary>
    [Setting("The key that stamps are made with.", Required = true)]
    public Secret Key { get; set; } = new("");

    /// <inheritdoc/>
    public override string? Header => "x-acme-stamp";

    /// <inheritdoc/>
    public override HttpAuthentication Create(AuthenticationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new Stamp(Sender, context.Reveal(Key), context.Time);
    }
}

/// <summary>Shared and immutable: stamps each request: <c>sender.seconds.signature</c>.</summary>
internal sealed class Stamp(string sender, string key, TimeProvider time) : HttpAuthentication
{
    /// <summary>The stamp of a moment, as its receiver makes it too.</summary>
    internal static string Of(string sender, string key, long seconds)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{sender}.{seconds}");
        return $"{text}.{Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(text)))}";
    }

    public override ValueTask<HttpFault?> ApplyAsync(RequestHeaders headers, CancellationToken cancellationToken) =>
        new(headers.SetCredential("x-acme-stamp", Of(sender, key, time.GetUtcNow().ToUnixTimeSeconds())));
}
