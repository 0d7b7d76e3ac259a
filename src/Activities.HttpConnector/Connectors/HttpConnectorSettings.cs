using FlowEngine.Connectors;
using FlowEngine.HttpConnector.Authentication;
using FlowEngine.HttpConnector.Authentication.Aws;
using FlowEngine.HttpConnector.Signing;
using FlowEngine.HttpConnector.Wire;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.HttpConnector.Connectors;

/// <summary>Bound once, then read only: the configuration of a connector of type <c>http</c> (SPEC 7).</summary>
public sealed class HttpConnectorSettings
{
    private const string RequestAndAnswer = "Request and answer";
    private const string Load = "Load";
    private const string Tls = "TLS";

    /// <summary>The root of the API.</summary>
    [Setting(
        "The root URL of the API, such as https://api.example.com/v2.",
        Required = true,
        Section = "Address",
        Role = SettingRoles.Address
    )]
    public string BaseUrl { get; set; } = "";

    /// <summary>How requests authenticate.</summary>
    [Setting("How requests authenticate.", Section = "Authentication", Role = SettingRoles.Authentication)]
    public AuthenticationSettings Authentication { get; set; } = new();

    /// <summary>How requests are signed for AWS; null (the default) not at all.</summary>
    [Setting(
        "When given, requests are signed for AWS (Signature Version 4), afresh for every attempt, by an access key or a role.",
        Label = "AWS signature",
        Section = "AWS",
        Folded = true,
        Role = SettingRoles.AwsSignature
    )]
    public AwsSettings? Aws { get; set; }

    /// <summary>How requests are signed for AWS, in the reference's words.</summary>
    [Setting("The reference's name for aws.type: none, credentials or assumeRole.", IsRare = true)]
    public string AwsAuthType { get; set; } = AwsSettings.None;

    /// <summary>The access key's id, in the reference's words.</summary>
    [Setting("The reference's name for aws.accessKeyId.", IsRare = true)]
    public string AwsAccessKeyId { get; set; } = "";

    /// <summary>The access key's secret, in the reference's words.</summary>
    [Setting("The reference's name for aws.secretAccessKey.", IsRare = true)]
    public Secret? AwsSecretAccessKey { get; set; }

    /// <summary>The role, in the reference's words.</summary>
    [Setting("The reference's name for aws.roleArn.", IsRare = true)]
    public string AwsRoleArn { get; set; } = "";

    /// <summary>What the role asks for besides, in the reference's words.</summary>
    [Setting("The reference's name for aws.externalId.", IsRare = true)]
    public string AwsExternalId { get; set; } = "";

    /// <summary>The region, in the reference's words.</summary>
    [Setting("The reference's name for aws.region.", IsRare = true)]
    public string AwsRegion { get; set; } = "";

    /// <summary>The service, in the reference's words.</summary>
    [Setting("The reference's name for aws.service.", IsRare = true)]
    public string AwsService { get; set; } = "";

    /// <summary>Headers of every request.</summary>
    // A flow may set any header as well; those that lead elsewhere, such as host, are refused.
    [Setting(
        "Headers of every request; templates may stand in their values.",
        SecretsStay = true,
        Section = RequestAndAnswer,
        Role = SettingRoles.Headers
    )]
    public IReadOnlyList<HeaderSettings> Headers { get; set; } = [];

    /// <summary>The key of the request signature.</summary>
    [Setting(
        "When given, each request is signed with HMAC-SHA256 in x-descope-webhook-s256. Of two the first signs, while receivers learn the "
            + "second.",
        Label = "HMAC secret",
        Section = "Signature",
        TakesOne = true,
        MaxItems = 2,
        Role = SettingRoles.Signature
    )]
    public IReadOnlyList<Secret> HmacSecret { get; set; } = [];

    /// <summary>How requests are signed by RFC 9421; null (the default) not at all.</summary>
    [Setting(
        "When given, each request carries an HTTP message signature (RFC 9421), made last and afresh for every attempt.",
        SecretsStay = true,
        Label = "Message signature (RFC 9421)",
        Section = "Message signature",
        Folded = true,
        Role = SettingRoles.MessageSignature
    )]
    public MessageSignatureSettings? MessageSignature { get; set; }

    /// <summary>Whether requests are signed by RFC 9421, in the reference's words. Default false.</summary>
    [Setting("The reference's name for messageSignature: whether requests are signed.", SecretsStay = true, IsRare = true)]
    public bool Rfc9421SigningEnabled { get; set; }

    /// <summary>The key, in the reference's words.</summary>
    [Setting("The reference's name for messageSignature.key.", IsRare = true)]
    public Secret? Rfc9421PrivateKey { get; set; }

    /// <summary>The key's id, in the reference's words.</summary>
    [Setting("The reference's name for messageSignature.keyId.", SecretsStay = true, IsRare = true)]
    public string Rfc9421KeyId { get; set; } = "";

    /// <summary>The components, in the reference's words.</summary>
    [Setting("The reference's name for messageSignature.components: one text, separated by commas.", SecretsStay = true, IsRare = true)]
    public string Rfc9421Components { get; set; } = "";

    /// <summary>How long a signature is good for, in the reference's words. Default 300 seconds.</summary>
    [Setting(
        "The reference's name for messageSignature.ttl.",
        Minimum = 1,
        Maximum = 86_400,
        Unit = "seconds",
        SecretsStay = true,
        IsRare = true
    )]
    public int Rfc9421SignatureTTL { get; set; } = 300;

    /// <summary>Whether server certificates go unchecked.</summary>
    [Setting(
        "No server certificate is checked, for this connector alone: whoever stands between this server and the API can read and "
            + "change what is sent, credentials included. Not for production.",
        Label = "Trust any certificate",
        Section = "Network",
        Order = 1,
        WarnsWhen = "true",
        Warning = "Trusts any certificate",
        Role = SettingRoles.AnyCertificate
    )]
    public bool Insecure { get; set; }

    /// <summary>The certificate that proves who calls; null (the default) for none.</summary>
    [Setting(
        "The certificate that proves to the API who calls (mutual TLS), with the certificates between it and its authority, in PEM. A "
            + "file:PATH is read again when the file changes.",
        Section = Tls,
        Folded = true,
        Role = SettingRoles.ClientCertificate
    )]
    public Secret? ClientCertificate { get; set; }

    /// <summary>The certificate's key.</summary>
    [Setting("The private key of the certificate, in PEM.", Section = Tls, Folded = true, Role = SettingRoles.ClientKey)]
    public Secret? ClientKey { get; set; }

    /// <summary>What opens the key, where that is encrypted.</summary>
    [Setting("What opens the key, where that is encrypted.", Section = Tls, Folded = true, Role = SettingRoles.ClientKeyPassphrase)]
    public Secret? ClientKeyPassphrase { get; set; }

    /// <summary>The authorities that alone are trusted; null (the default) for the system's.</summary>
    [Setting(
        "The authorities, in PEM, that alone are trusted: a certificate of the API that none of them vouches for is refused. Not given, the "
            + "system's are trusted.",
        Label = "CA certificates",
        SecretsMove = true,
        Section = Tls,
        Folded = true,
        Role = SettingRoles.Authorities
    )]
    public Secret? CaCertificates { get; set; }

    /// <summary>The name that the API's certificate is for; null (the default) for the base URL's host.</summary>
    [Setting(
        "The name that the API's certificate is for, where it is another than the base URL's host: it is asked for by this name (SNI), too.",
        Section = Tls,
        Folded = true
    )]
    public string? ServerName { get; set; }

    /// <summary>Whether the result has the answer's headers.</summary>
    [Setting(
        "Whether connectors.<contextKey>.headers holds the answer's headers.",
        SecretsStay = true,
        Label = "Include response headers in context",
        Section = RequestAndAnswer
    )]
    public bool IncludeHeadersInContext { get; set; }

    /// <summary>Whether requests leave from the operator's static addresses.</summary>
    [Setting(
        "Whether requests leave from the static IP addresses that the operator configured.",
        SecretsStay = true,
        Label = "Use static IPs",
        Section = "Network",
        Role = SettingRoles.StaticAddresses
    )]
    public bool UseStaticIps { get; set; }

    /// <summary>Whether redirects are followed.</summary>
    [Setting(
        "Whether redirects are followed, at most 5. Credentials, signature and headers never go to another origin.",
        Section = "Network",
        Role = SettingRoles.Redirects
    )]
    public bool FollowRedirects { get; set; }

    /// <summary>How many calls may be under way at once. Default 256.</summary>
    [Setting(
        "How many calls may be under way at once, on each node. The next ones wait within their timeout, then end with http.busy: an API "
            + "that hangs takes no more than these.",
        SecretsStay = true,
        Minimum = 1,
        Maximum = 10_000,
        Unit = "calls",
        Section = Load,
        Folded = true
    )]
    public int MaxConcurrent { get; set; } = 256;

    /// <summary>How many calls there may be over time; null (the default) for any number.</summary>
    [Setting(
        "When given, how many calls there may be over time, on each node. The next ones wait within their timeout, then end with "
            + "http.busy.",
        SecretsStay = true,
        Section = Load,
        Folded = true
    )]
    public RateLimitSettings? RateLimit { get; set; }

    /// <summary>When an API that asks for time is left alone; null (the default) never.</summary>
    [Setting(
        "When given, an API that asks for time is left alone: after such an answer with Retry-After, calls of all runs, on all nodes, end "
            + "with http.cooldown until then.",
        SecretsStay = true,
        Section = Load,
        Folded = true
    )]
    public CooldownSettings? Cooldown { get; set; }

    /// <summary>Whether it is switched off. Default false.</summary>
    [Setting(
        "Switched off, every call ends with http.disabled and nothing is sent; flows that use the connector are warned. Durable calls wait.",
        SecretsStay = true,
        Label = "Switched off",
        Section = Load,
        WarnsWhen = "true",
        Warning = "Switched off"
    )]
    public bool Disabled { get; set; }

    /// <summary>The circuit breaker.</summary>
    [Setting("When given, calls stop for a while after many failures.", SecretsStay = true, Section = "Circuit breaker", Folded = true)]
    public CircuitBreakerSettings? CircuitBreaker { get; set; }
}

/// <summary>Bound once, then read only: a header.</summary>
public sealed class HeaderSettings : HeaderRule, IHoldsSecret
{
    /// <summary>The name.</summary>
    [Setting("The header's name.", Required = true, IsKey = true, Order = -2)]
    public string Key { get; set; } = "";

    /// <inheritdoc/>
    [Setting(
        "The header's value; templates may stand in it, unless it is a secret.",
        StandIn = "whenMissing",
        SecretWhen = "secret",
        Order = -1
    )]
    public override Template Value { get; set; } = Template.Empty;

    /// <summary>Whether the value is a secret. Default false.</summary>
    [Setting(
        "Whether the value is a secret: a text without templates, env:NAME or file:PATH, stored encrypted and never shown again.",
        Section = Rules,
        Folded = true
    )]
    public bool Secret { get; set; }

    /// <summary>The value, where it is a secret.</summary>
    internal Secret? Hidden { get; private set; }

    /// <inheritdoc/>
    void IHoldsSecret.Hold(Secret secret) => Hidden = secret;
}

/// <summary>Bound once, then read only: how many calls there may be over time.</summary>
public sealed class RateLimitSettings
{
    /// <summary>How many calls.</summary>
    [Setting("How many calls there may be in that time.", Required = true, Minimum = 1, Maximum = 1_000_000, Unit = "calls")]
    public int Permits { get; set; } = 50;

    /// <summary>In which time. Default one second.</summary>
    [Setting("In which time.", Longest = "P1D")]
    public TimeSpan Per { get; set; } = TimeSpan.FromSeconds(1);
}

/// <summary>Bound once, then read only: after which answers an API is left alone.</summary>
public sealed class CooldownSettings
{
    /// <summary>After which statuses.</summary>
    [Setting("After which status codes, when they come with Retry-After: codes such as 429, and classes such as 5xx.")]
    public IReadOnlyList<string> On { get; set; } = ["429", "503"];

    /// <summary>How long at most. Default one minute.</summary>
    [Setting("How long at most, whatever the API asks for.", Longest = "P1D")]
    public TimeSpan Max { get; set; } = TimeSpan.FromMinutes(1);
}

/// <summary>Bound once, then read only: when calls of a connector stop for a while.</summary>
public sealed class CircuitBreakerSettings
{
    /// <summary>The share of failed calls that opens the circuit.</summary>
    [Setting("The share of failed calls (5xx, 429, no answer) that opens the circuit.", Minimum = 0.01, Maximum = 1)]
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>How many calls there must be before the share counts.</summary>
    [Setting(
        "How many calls there must be within the sampling time before the share counts.",
        Minimum = 2,
        Maximum = 100_000,
        Unit = "calls"
    )]
    public int MinimumThroughput { get; set; } = 10;

    /// <summary>The sampling time.</summary>
    [Setting("The time over which the share is measured.", Minimum = 1, Maximum = 3600, Unit = "seconds")]
    public int SamplingSeconds { get; set; } = 30;

    /// <summary>How long the circuit stays open.</summary>
    [Setting("How long the circuit stays open before one call tries again.", Minimum = 1, Maximum = 3600, Unit = "seconds")]
    public int BreakSeconds { get; set; } = 15;
}
