using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Json;
using FlowEngine.Settings;
using FlowEngine.Storage.Protection;

namespace FlowEngine.Storage;

/// <summary>
/// Per process, thread-safe: the secret fields of a connector's definition, which its type declares. A literal is encrypted when it is
/// stored and masked when it is shown; <c>env:NAME</c> and <c>file:PATH</c> hold no secret and stay as they are.
/// </summary>
/// <remarks>In the configuration of a type that this server does not know, every text is taken for a secret.</remarks>
internal sealed class ConnectorSecrets(Vault vault, Func<string, SettingsDescriptor?> settingsOf) : ConnectorSecretPlaces(settingsOf)
{
    /// <summary>The definition to store.</summary>
    public FlowObject Seal(FlowObject definition) =>
        Walk(definition, value => IsReference(value) ? value : FlowValue.From(Prefix + vault.Seal(value.ToJson())));

    /// <summary>The definition that was stored.</summary>
    /// <exception cref="StorageException">A secret cannot be decrypted.</exception>
    public FlowObject Open(FlowObject definition) =>
        Walk(
            definition,
            value =>
                value.TryGetText(out var text) && text.StartsWith(Prefix, StringComparison.Ordinal)
                    ? JsonReading.Parse(vault.Open(text[Prefix.Length..])).AsSensitive()
                    : value
        );
}
