using FlowEngine.Errors;
using FlowEngine.HttpConnector.Signing;

namespace FlowEngine.HttpConnector.Connectors;

/// <summary>Stateless: reads how a connector signs its messages, under the settings' own names or the reference's.</summary>
internal static class SigningSettings
{
    /// <summary>Reads the settings, under their own names or the reference's; null when the connector does not sign so.</summary>
    public static MessageSigning? Compile(HttpConnectorSettings settings, SourceLocation at, DiagnosticBag problems)
    {
        var (given, place, keyAt) = (settings.MessageSignature, at.At("messageSignature"), at.At("messageSignature").At("key"));
        var componentsAt = place.At("components");
        if (settings.Rfc9421SigningEnabled)
        {
            if (given is not null)
                problems.Error(
                    HttpErrors.Signature,
                    at.At("rfc9421SigningEnabled"),
                    "The connector says twice how requests are signed.",
                    "Remove the settings whose names begin with rfc9421, or \"messageSignature\"."
                );
            given ??= OfReference(settings, at, problems);
            (place, keyAt, componentsAt) = (at, at.At("rfc9421PrivateKey"), at.At("rfc9421Components"));
        }
        return given is null ? null : MessageSigning.Compile(given, place, keyAt, componentsAt, problems);
    }

    /// <summary>The reference writes the same under other names, the components in one text, and nothing where it means the usual.</summary>
    private static MessageSignatureSettings? OfReference(HttpConnectorSettings settings, SourceLocation at, DiagnosticBag problems)
    {
        foreach (
            var (name, isMissing) in ((string, bool)[])
                [
                    ("rfc9421PrivateKey", settings.Rfc9421PrivateKey is not { IsEmpty: false }),
                    ("rfc9421KeyId", settings.Rfc9421KeyId.Length == 0),
                ]
        )
        {
            if (isMissing)
                problems.Error(FlowErrors.Required, at.At(name), $"'{name}' is missing.", "Requests cannot be signed without it.");
        }
        if (problems.HasErrors)
            return null;
        var components = settings.Rfc9421Components.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new MessageSignatureSettings
        {
            Key = settings.Rfc9421PrivateKey!,
            KeyId = settings.Rfc9421KeyId,
            Components = components.Length > 0 ? components : MessageSignatureSettings.UsualComponents,
            Ttl = settings.Rfc9421SignatureTTL,
        };
    }
}
