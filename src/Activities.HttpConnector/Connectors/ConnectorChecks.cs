using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.HttpConnector.Authentication;
using FlowEngine.HttpConnector.Authentication.Aws;
using FlowEngine.HttpConnector.Signing;
using FlowEngine.HttpConnector.Wire;
using FlowEngine.HttpConnector.Wire.Tls;
using FlowEngine.Json;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.HttpConnector.Connectors;

/// <summary>Stateless: what a connector's settings must meet beyond their types. All problems are reported at once.</summary>
internal static class ConnectorChecks
{
    /// <summary>Checks the settings.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="definition">The connector that they are of.</param>
    /// <param name="problems">Where problems go.</param>
    /// <param name="options">The operator's settings.</param>
    /// <param name="aws">How requests are signed for AWS; null for not at all.</param>
    /// <returns>The base URL; null when it is not usable.</returns>
    public static BaseUrl? Run(
        HttpConnectorSettings settings,
        ConnectorDefinition definition,
        DiagnosticBag problems,
        HttpModuleOptions options,
        out AwsSettings? aws
    )
    {
        var at = definition.Location.At("configuration");
        BaseUrl? baseUrl = null;
        if (settings.BaseUrl.Contains("{{", StringComparison.Ordinal))
            problems.Error(
                FlowErrors.TemplateForbidden,
                at.At("baseUrl"),
                "A template stands in the base URL: values never decide where a request goes.",
                "Write a fixed URL, and templates in the activity's endpoint."
            );
        else if (!BaseUrl.TryParse(settings.BaseUrl, out baseUrl, out var problem) && settings.BaseUrl.Length > 0)
            problems.Error(HttpErrors.UrlInvalid, at.At("baseUrl"), "The base URL is not usable.", problem);

        CheckTls(settings, baseUrl, at, problems, options.Time.GetUtcNow());
        aws = AwsNames.Read(settings, at, problems);
        CheckAws(aws, settings, at, problems);
        CheckAuthentication(settings.Authentication, at.At("authentication"), problems, options);
        for (var i = 0; i < settings.Headers.Count; i++)
            CheckHeader(settings.Headers[i].Key, settings.Headers[i], at.At("headers").At(i), at.At("headers").At(i).At("value"), problems);
        if (settings.UseStaticIps && !options.Egress.HasStaticEgress)
            problems.Error(
                FlowErrors.StaticIps,
                at.At("useStaticIps"),
                $"The connector '{definition.Id}' asks for static IP addresses, but none are configured."
            );
        if (settings.Insecure)
            problems.Warning(HttpErrors.Insecure, at.At("insecure"), $"The connector '{definition.Id}' trusts any certificate.");
        return baseUrl;
    }

    /// <summary>Headers that a request has once, whatever their values.</summary>
    private static bool IsOnce(string name) =>
        name.ToLowerInvariant() is "authorization" or "content-type" or "idempotency-key" || IsSignatureTemplate(name);

    /// <summary>Checks a header's name, its value when that is fixed, its rule, and a signature template.</summary>
    public static void CheckHeader(string name, HeaderRule rule, SourceLocation at, SourceLocation valueAt, DiagnosticBag problems)
    {
        var value = rule.Value;
        if (rule.WhenMany == ManyHeaders.Repeat && IsOnce(name))
            problems.Error(
                HttpErrors.HeaderInvalid,
                at.At("whenMany"),
                $"A request has one header '{name}'.",
                "Use \"first\", or \"fail\" where there must not be several."
            );
        if (name.Length > 0 && RequestHeaders.Check(name, value.IsLiteral ? value.LiteralText : "") is { } fault)
            problems.Error(HttpErrors.HeaderInvalid, at, fault.Message);
        if (IsSignatureTemplate(name))
        {
            if (rule is HeaderSettings { Hidden: not null })
                problems.Error(
                    HttpErrors.SignatureTemplate,
                    valueAt,
                    "A signature template is no secret: it says what a receiver has to read."
                );
            else
                ReadSignatureTemplate(value, valueAt, problems);
        }
    }

    /// <summary>Reports headers that the message signature of the connector would replace, and templates that cover them before they are
    /// made.</summary>
    public static void CheckSigned(
        IReadOnlyList<HeaderSettings> headers,
        MessageSigning? messages,
        SourceLocation at,
        DiagnosticBag problems
    )
    {
        for (var i = 0; messages is not null && i < headers.Count; i++)
            CheckSigned(headers[i].Key, headers[i], at.At(i), problems);
    }

    /// <summary>As above, of one header.</summary>
    public static void CheckSigned(string name, HeaderRule rule, SourceLocation at, DiagnosticBag problems)
    {
        if (name.ToLowerInvariant() is MessageSigner.InputHeader or MessageSigner.SignatureHeader or MessageSigner.DigestHeader)
            problems.Error(
                HttpErrors.Signature,
                at,
                $"The header '{name}' is made by the connector's message signature.",
                "Remove the header, or the signature."
            );
        if (
            IsSignatureTemplate(name)
            && rule.Value.IsLiteral
            && SignatureTemplate.TryParse(rule.Value.LiteralText, out var template, out _)
            && template.Elements.Any(element =>
                element.HeaderName?.ToLowerInvariant() is MessageSigner.InputHeader or MessageSigner.SignatureHeader
            )
        )
            problems.Error(
                HttpErrors.SignatureTemplate,
                at,
                "The signature template covers the message signature, which is made after it.",
                "Remove the element; the message signature can cover x-descope-webhook-s256."
            );
    }

    public static bool IsSignatureTemplate(string name) => name.Equals(HmacSignature.TemplateHeader, StringComparison.OrdinalIgnoreCase);

    /// <summary>The signature template of a header; null, with the problem reported, when it is not one.</summary>
    public static SignatureTemplate? ReadSignatureTemplate(Template value, SourceLocation at, DiagnosticBag problems)
    {
        if (!value.IsLiteral)
        {
            problems.Error(
                FlowErrors.TemplateForbidden,
                at,
                "A signature template is read when the flow is compiled.",
                "Write a fixed list of elements."
            );
            return null;
        }
        if (!SignatureTemplate.TryParse(value.LiteralText, out var template, out var problem))
            problems.Error(HttpErrors.SignatureTemplate, at, problem);
        return template;
    }

    private static void CheckAws(AwsSettings? aws, HttpConnectorSettings settings, SourceLocation at, DiagnosticBag problems)
    {
        if (aws is null)
            return;
        if (settings.Authentication.Chosen.Header is { } header && header.Equals("authorization", StringComparison.OrdinalIgnoreCase))
            problems.Error(
                HttpErrors.Aws,
                settings.Aws is not null ? at.At("aws") : at.At("awsAuthType"),
                "The AWS signature stands in the header authorization, and so does what the connector's authentication sets.",
                "Choose the method \"none\", or remove the AWS signature."
            );
        foreach (var (name, value) in ((string, string)[])[("region", aws.Region), ("service", aws.Service)])
        {
            if (!value.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '-'))
                problems.Error(HttpErrors.Aws, AwsNames.At(settings, at, name), $"'{name}' has small letters, digits and '-' only.");
        }
        if (aws is { Type: AwsSettings.AssumeRole, RoleArn: null or "" })
            problems.Error(FlowErrors.Required, AwsNames.At(settings, at, "roleArn"), "'roleArn' is missing.", "Name the role to take.");
        if (aws.StsUrl is not null && !RequestUri.TryParse(aws.StsUrl, out _, out var invalid))
            problems.Error(HttpErrors.UrlInvalid, at.At("aws").At("stsUrl"), "The URL is not usable.", invalid.Message);
    }

    private static void CheckTls(
        HttpConnectorSettings settings,
        BaseUrl? baseUrl,
        SourceLocation at,
        DiagnosticBag problems,
        DateTimeOffset now
    )
    {
        var (hasCertificate, hasKey) = (settings.ClientCertificate is { IsEmpty: false }, settings.ClientKey is { IsEmpty: false });
        if (hasCertificate != hasKey)
            problems.Error(
                HttpErrors.TlsSettings,
                at.At(hasKey ? TlsProblem.ClientKey : TlsProblem.ClientCertificate),
                hasKey ? "There is a key without its certificate." : "There is a certificate without its key.",
                hasKey ? "Add \"clientCertificate\"." : "Add \"clientKey\"."
            );
        if (settings.ClientKeyPassphrase is { IsEmpty: false } && !hasKey)
            problems.Error(
                HttpErrors.TlsSettings,
                at.At(TlsProblem.ClientKeyPassphrase),
                "There is a passphrase without a key.",
                "Remove it."
            );
        if (settings.Insecure && settings.CaCertificates is { IsEmpty: false })
            problems.Error(
                HttpErrors.TlsSettings,
                at.At(TlsProblem.CaCertificates),
                "The connector trusts these authorities only, and any certificate at all.",
                "Remove \"insecure\"."
            );
        if (settings.ServerName is { } name && Uri.CheckHostName(name) != UriHostNameType.Dns)
            problems.Error(
                HttpErrors.TlsSettings,
                at.At("serverName"),
                "'serverName' is no name of a host.",
                "Write it without scheme and port."
            );
        if (
            baseUrl is { IsHttps: false }
            && (hasCertificate || settings.CaCertificates is { IsEmpty: false } || settings.ServerName is not null)
        )
            problems.Error(
                HttpErrors.TlsSettings,
                at.At("baseUrl"),
                "The connector has settings of TLS, but its base URL is http: nothing is encrypted, and no certificate shown.",
                "Use https."
            );
        CheckMaterial(settings, at, problems, now);
    }

    /// <summary>What stands in the file itself is read now; references are read when the first request is sent.</summary>
    private static void CheckMaterial(HttpConnectorSettings settings, SourceLocation at, DiagnosticBag problems, DateTimeOffset now)
    {
        if (
            !TryReadLiteral(settings.ClientCertificate, out var certificate)
            || !TryReadLiteral(settings.ClientKey, out var key)
            || !TryReadLiteral(settings.ClientKeyPassphrase, out var passphrase)
            || !TryReadLiteral(settings.CaCertificates, out var authorities)
            || (certificate.Length > 0) != (key.Length > 0)
        )
            return;
        if (!TlsMaterial.TryMake(new TlsTexts(certificate, key, passphrase, authorities), out var material, out var problem))
            problems.Error(HttpErrors.TlsSettings, at.At(problem.Setting), problem.Message);
        else if (material.Certificate is { } own)
            CertificateEnd.WarnOfOurs(SeenChain.Describe(own), now, at.At(TlsProblem.ClientCertificate), problems);
    }

    private static bool TryReadLiteral(Secret? secret, out string text)
    {
        text = "";
        return secret is null || (secret.IsLiteral && secret.TryReveal(out text, out _) && text != JsonWriting.Mask);
    }

    private static void CheckAuthentication(
        AuthenticationSettings settings,
        SourceLocation at,
        DiagnosticBag problems,
        HttpModuleOptions options
    )
    {
        var isFlat = options.Authentication.Any(kind => kind.Variant.IsFlat && kind.Variant.Name == settings.Method);
        settings.Chosen.Check(isFlat ? at : at.At(settings.Method), problems);
    }
}
