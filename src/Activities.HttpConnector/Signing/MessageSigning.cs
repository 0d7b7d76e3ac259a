using System.Text.RegularExpressions;
using FlowEngine.Errors;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.Json;
using FlowEngine.Settings;

namespace FlowEngine.HttpConnector.Signing;

/// <summary>Shared and immutable: how a connector signs requests by RFC 9421, ready but for the key, which is read when the first one is
/// sent.</summary>
internal sealed partial class MessageSigning
{
    private const int LongestKeyId = 200;

    private MessageSigning(MessageSignatureSettings settings, IReadOnlyList<SignatureComponent> components)
    {
        Settings = settings;
        Components = components;
        Covered = $"({string.Join(' ', components.Select(component => component.Identifier))})";
        KeyId = settings.KeyId.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        Lifetime = TimeSpan.FromSeconds(settings.Ttl);
    }

    public MessageSignatureSettings Settings { get; }

    public IReadOnlyList<SignatureComponent> Components { get; }

    /// <summary>The components as they stand in <c>signature-input</c>.</summary>
    public string Covered { get; }

    /// <summary>The key's id as it stands between quotes (RFC 9651 section 3.3.3).</summary>
    public string KeyId { get; }

    public TimeSpan Lifetime { get; }

    public bool Covers(string header) => Components.Any(component => component.Name == header);

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
        return given is null ? null : Check(given, place, keyAt, componentsAt, problems);
    }

    private static MessageSigning Check(
        MessageSignatureSettings settings,
        SourceLocation at,
        SourceLocation keyAt,
        SourceLocation componentsAt,
        DiagnosticBag problems
    )
    {
        if (!Label().IsMatch(settings.Label))
            problems.Error(
                HttpErrors.Signature,
                at.At("label"),
                "The label is a small letter or '*', followed by small letters, digits, '-', '_', '.' and '*'."
            );
        if (settings.KeyId.Length > LongestKeyId || settings.KeyId.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            problems.Error(HttpErrors.Signature, at.At("keyId"), $"A key id has at most {LongestKeyId} characters, all of ASCII.");
        // A reference is read when the first request is sent: where the file is checked, it may not be there.
        if (
            settings.Key is { IsEmpty: false, IsLiteral: true }
            && settings.Key.TryReveal(out var text, out _)
            && text != JsonWriting.Mask
            && !SigningKey.TryRead(text, settings.Algorithm, settings.EcdsaEncoding == "der", out _, out var problem)
        )
            problems.Error(HttpErrors.Signature, keyAt, problem);

        if (settings.Components.Count == 0)
            problems.Error(HttpErrors.Signature, componentsAt, "A signature that covers nothing says nothing.", "List at least @method.");
        var components = new List<SignatureComponent>(settings.Components.Count);
        for (var i = 0; i < settings.Components.Count; i++)
        {
            if (!SignatureComponent.TryParse(settings.Components[i], out var component, out var bad))
                problems.Error(HttpErrors.Signature, componentsAt.At(i), bad);
            else if (components.Any(other => other.Identifier == component.Identifier))
                problems.Error(HttpErrors.Signature, componentsAt.At(i), $"{component.Identifier} is listed twice.", "Remove one.");
            else
                components.Add(component);
        }
        return new MessageSigning(settings, components);
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

    [GeneratedRegex(@"\A[a-z*][a-z0-9_\-.*]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Label();
}
