using FlowEngine.Connectors;
using FlowEngine.Errors;
using FlowEngine.HttpConnector.Authentication.OAuth;
using FlowEngine.HttpConnector.Wire;
using FlowEngine.Settings;

namespace FlowEngine.HttpConnector.Authentication;

/// <summary>
/// Bound once, then read only: the settings of a kind of authentication, and what there is to know of it. One file per kind, with an
/// <see cref="AuthenticationAttribute"/> for its names, a <see cref="CredentialHeaderAttribute"/> for each way its credentials look in
/// somebody else's request, and what makes its credentials of its settings. Secrets are settings of the type <see cref="Secret"/>.
/// </summary>
public abstract class AuthenticationMethod
{
    /// <summary>The header that it sets, which a trace and a test mask. Null for none. Default <c>authorization</c>.</summary>
    public virtual string? Header => "authorization";

    /// <summary>Reports what is wrong with the settings beyond their types. Default nothing.</summary>
    /// <param name="at">Where the settings stand.</param>
    /// <param name="problems">Where problems go.</param>
    public virtual void Check(SourceLocation at, DiagnosticBag problems) { }

    /// <summary>Makes the credentials, when the first request needs them. Nothing is sent yet.</summary>
    /// <param name="context">Reveals secrets, and reaches other servers as the connector does.</param>
    public abstract HttpAuthentication Create(AuthenticationContext context);
}

/// <summary>Names a kind of authentication.</summary>
/// <param name="name">How files write it: the <c>method</c> of an <c>authentication</c>, and the object beside it that has its
/// settings.</param>
/// <param name="label">What people call it, such as "API key".</param>
/// <param name="description">What its settings are, in a sentence.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class AuthenticationAttribute(string name, string label, string description) : Attribute
{
    /// <summary>How files write it.</summary>
    public string Name { get; } = name;

    /// <summary>What people call it.</summary>
    public string Label { get; } = label;

    /// <summary>What its settings are.</summary>
    public string Description { get; } = description;

    /// <summary>Whether its settings stand beside <c>method</c>, instead of in an object of its name. Default false.</summary>
    public bool IsFlat { get; set; }
}

/// <summary>Says how a kind's credentials look in a request that somebody has as a cURL command, so that they are
/// taken over as secrets of the connector.</summary>
/// <param name="name">A pattern that the whole name of the header meets, in any case: regular expressions as .NET and JavaScript both read
/// them.</param>
/// <param name="value">A pattern of its value; each named group is the setting of that name.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class CredentialHeaderAttribute(string name, string value) : Attribute
{
    /// <summary>The pattern of the header's name.</summary>
    public string Name { get; } = name;

    /// <summary>The pattern of its value.</summary>
    public string Value { get; } = value;

    /// <summary>A pattern of what the group <c>base64</c> holds once it is decoded as UTF-8; null (the default) where nothing is
    /// encoded.</summary>
    public string? Decoded { get; set; }

    /// <summary>The setting that the header's name goes into; null (the default) for none.</summary>
    public string? NameSetting { get; set; }

    /// <summary>Whether it is only asked once no other kind knows the header. Default false.</summary>
    public bool IsLast { get; set; }
}

/// <summary>Per connector: what a kind of authentication makes its credentials with.</summary>
public sealed class AuthenticationContext
{
    private readonly Func<Secret?, string> _reveal;

    internal AuthenticationContext(Func<Secret?, string> reveal, HttpTransport transport, TimeProvider time, TokenSharing tokens)
    {
        _reveal = reveal;
        Transport = transport;
        (Time, Tokens) = (time, tokens);
    }

    /// <summary>The connector's transport: guarded, pooled, with its own settings of TLS.</summary>
    public HttpTransport Transport { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Whom access tokens are shared with.</summary>
    public TokenSharing Tokens { get; }

    /// <summary>A secret's value; it is masked from now on wherever it turns up. "" where it cannot be had: then the call
    /// fails before anything is sent.</summary>
    public string Reveal(Secret? secret) => _reveal(secret);
}
