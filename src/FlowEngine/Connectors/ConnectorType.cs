using FlowEngine.Errors;
using FlowEngine.Extensions;
using FlowEngine.Settings;

namespace FlowEngine.Connectors;

/// <summary>What a connector is tried out with.</summary>
public enum ConnectorTrial
{
    /// <summary>Nothing: it connects, and <see cref="Connector.TestAsync"/> gives <c>{ ok, error: { code, message }, warnings, … }</c>;
    /// what else it gives is shown by its name.</summary>
    Connection,

    /// <summary>A request of HTTP, with a method, an endpoint, headers and a body.</summary>
    Request,
}

/// <summary>Shared and immutable: how credentials look in a header of somebody else's request, so that they are taken over as secrets of a
/// connector.</summary>
/// <param name="Kind">The kind of authentication that they are for.</param>
/// <param name="Name">A regular expression, as .NET and JavaScript both read it, that the header's whole name meets, in any case.</param>
/// <param name="Value">One of its value; each named group is the setting of that name.</param>
public sealed record CredentialHeader(string Kind, string Name, string Value)
{
    /// <summary>One of what the group <c>base64</c> holds once it is decoded as UTF-8; null (the default) where nothing is
    /// encoded.</summary>
    public string? Decoded { get; init; }

    /// <summary>The setting that the header's name goes into; null (the default) for none.</summary>
    public string? NameSetting { get; init; }

    /// <summary>Whether the kind's settings stand beside the one that chooses it. Default false.</summary>
    public bool IsFlat { get; init; }

    /// <summary>Whether it is only asked once no other kind knows the header. Default false.</summary>
    public bool IsLast { get; init; }
}

/// <summary>Shared and immutable: a type of connector: its settings, and how one is made.</summary>
public sealed record ConnectorType : IExtensionPart
{
    private readonly Func<object, ConnectorDefinition, DiagnosticBag, Connector> _create;

    private ConnectorType(string name, SettingsDescriptor settings, Func<object, ConnectorDefinition, DiagnosticBag, Connector> create)
    {
        Name = Label = name;
        Settings = settings;
        _create = create;
    }

    /// <summary>The type's name in connector files.</summary>
    public string Name { get; }

    /// <summary>The settings.</summary>
    public SettingsDescriptor Settings { get; }

    /// <summary>What people call it, such as "HTTP". Default its name.</summary>
    public string Label { get; init; }

    /// <summary>Its sign: the name of an icon that the console has (<c>globe</c>, <c>database</c>), or the path data of one of 24 by 24
    /// units, as in <c>M3 12h18</c>. Default a plug.</summary>
    public string Icon { get; init; } = "plug";

    /// <summary>The name of one, as an example for whoever makes the first. Default none.</summary>
    public string Example { get; init; } = "";

    /// <summary>What one is tried out with.</summary>
    public ConnectorTrial Trial { get; init; } = ConnectorTrial.Connection;

    /// <summary>How its credentials look in the request of a cURL command. Default none: a command cannot be pasted.</summary>
    public IReadOnlyList<CredentialHeader> CredentialHeaders { get; init; } = [];

    /// <inheritdoc/>
    public string? Brings => $"connector type {Name}";

    /// <summary>Describes a type of connector.</summary>
    /// <param name="name">The type's name in connector files.</param>
    /// <param name="create">Makes a connector from its bound settings without connecting to anything; further problems are reported at
    /// <c>definition.Location.At("configuration")</c> and below.</param>
    /// <param name="settings">Its settings, where they are more than the class alone says; null (the default) for those.</param>
    public static ConnectorType Of<TConnector, TSettings>(
        string name,
        Func<TSettings, ConnectorDefinition, DiagnosticBag, TConnector> create,
        SettingsDescriptor? settings = null
    )
        where TConnector : Connector
        where TSettings : class, new() =>
        new(
            name,
            settings ?? SettingsDescriptor.Of(typeof(TSettings)),
            (bound, definition, problems) => create((TSettings)bound, definition, problems)
        );

    internal Connector Create(ConnectorDefinition definition, DiagnosticBag problems) =>
        _create(Settings.Bind(definition.Configuration, definition.Location.At("configuration"), problems), definition, problems);
}
