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
        KeyId = Escaped().Replace(settings.KeyId, @"\$0");
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

    /// <summary>Reads the settings.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="at">Where label and key id stand.</param>
    /// <param name="keyAt">Where the key stands.</param>
    /// <param name="componentsAt">Where the components stand.</param>
    /// <param name="problems">Where problems go.</param>
    public static MessageSigning Compile(
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

    [GeneratedRegex(@"[""\\]", RegexOptions.CultureInvariant)]
    private static partial Regex Escaped();

    [GeneratedRegex(@"\A[a-z*][a-z0-9_\-.*]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Label();
}
