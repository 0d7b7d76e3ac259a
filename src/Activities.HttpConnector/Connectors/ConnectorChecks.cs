using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.HttpConnector.Signing;
using FlowEngine.HttpConnector.Wire;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.HttpConnector.Connectors;

/// <summary>Stateless: what a connector's settings must meet beyond their types. All problems are reported at once.</summary>
internal static class ConnectorChecks
{
    /// <summary>Checks the settings.</summary>
    /// <returns>The base URL; null when it is not usable.</returns>
    public static BaseUrl? Run(
        HttpConnectorSettings settings,
        ConnectorDefinition definition,
        DiagnosticBag problems,
        HttpModuleOptions options,
        out Uri? tokenUri
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

        CheckAuthentication(settings.Authentication, at.At("authentication"), problems, out tokenUri);
        for (var i = 0; i < settings.Headers.Count; i++)
            CheckHeader(
                settings.Headers[i].Key,
                settings.Headers[i].Value,
                at.At("headers").At(i),
                at.At("headers").At(i).At("value"),
                problems
            );
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

    /// <summary>Checks a header's name, its value when that is fixed, and a signature template.</summary>
    public static void CheckHeader(string name, Template value, SourceLocation at, SourceLocation valueAt, DiagnosticBag problems)
    {
        if (name.Length > 0 && RequestHeaders.Check(name, value.IsLiteral ? value.LiteralText : "") is { } fault)
            problems.Error(HttpErrors.HeaderInvalid, at, fault.Message);
        if (IsSignatureTemplate(name))
            ReadSignatureTemplate(value, valueAt, problems);
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

    /// <summary>Each setting that the method cannot do without, at its own place;
    /// where it has no settings of its own, the one that is named like it.</summary>
    private static void ReportMissing(string method, SourceLocation at, DiagnosticBag problems)
    {
        if (SettingsDescriptor.Of(typeof(AuthenticationSettings)).Find(method)?.Nested is { Value: var settings })
            settings.Bind(FlowObject.Empty, at.At(method), problems);
        else
            problems.Error(
                FlowErrors.Required,
                at.At(method),
                $"'{method}' is missing: the method {method} needs it.",
                $"Add \"{method}\"."
            );
    }

    private static void CheckAuthentication(AuthenticationSettings settings, SourceLocation at, DiagnosticBag problems, out Uri? tokenUri)
    {
        tokenUri = null;
        object? chosen = settings.Method switch
        {
            "bearerToken" => settings.BearerToken is { IsEmpty: false } token ? token : null,
            "apiKey" => settings.ApiKey,
            "basic" => settings.Basic,
            "oauth2ClientCredentials" => settings.Oauth2ClientCredentials,
            _ => settings,
        };
        if (chosen is null)
        {
            ReportMissing(settings.Method, at, problems);
            return;
        }

        if (settings is { Method: "apiKey", ApiKey.Key: { Length: > 0 } key } && RequestHeaders.Check(key, "") is { } fault)
            problems.Error(HttpErrors.HeaderInvalid, at.At("apiKey").At("key"), fault.Message);
        if (settings is not { Method: "oauth2ClientCredentials", Oauth2ClientCredentials: { } oauth })
            return;

        var oauthAt = at.At("oauth2ClientCredentials");
        if (oauth.AuthUrl.Length > 0 && !RequestUri.TryParse(oauth.AuthUrl, out tokenUri, out var invalid))
            problems.Error(HttpErrors.UrlInvalid, oauthAt.At("authUrl"), "The token endpoint's URL is not usable.", invalid.Message);
        for (var i = 0; i < oauth.TokenRequestHeaders.Count; i++)
        {
            if (RequestHeaders.Check(oauth.TokenRequestHeaders[i].Key, "") is { } bad)
                problems.Error(HttpErrors.HeaderInvalid, oauthAt.At("tokenRequestHeaders").At(i).At("key"), bad.Message);
        }
    }
}
