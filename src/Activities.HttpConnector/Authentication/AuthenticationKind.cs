using System.Reflection;
using FlowEngine.Connectors;
using FlowEngine.Extensions;
using FlowEngine.HttpConnector.Wire;
using FlowEngine.Settings;

namespace FlowEngine.HttpConnector.Authentication;

/// <summary>Shared and immutable: a kind of authentication that connectors can choose.</summary>
public sealed class AuthenticationKind : IExtensionPart
{
    private AuthenticationKind(Type method)
    {
        var names =
            method.GetCustomAttribute<AuthenticationAttribute>()
            ?? throw new ArgumentException($"{method} has no [Authentication] attribute.");
        Variant = new SettingVariant(names.Name, names.Label, names.Description, method) { IsFlat = names.IsFlat };
        CredentialHeaders =
        [
            .. method
                .GetCustomAttributes<CredentialHeaderAttribute>()
                .Select(header => new CredentialHeader(names.Name, header.Name, header.Value)
                {
                    Decoded = header.Decoded,
                    NameSetting = header.NameSetting,
                    IsFlat = names.IsFlat,
                    IsLast = header.IsLast,
                }),
        ];
    }

    /// <summary>The kinds there are without extensions, in the order in which a form shows them.</summary>
    public static IReadOnlyList<AuthenticationKind> BuiltIn { get; } =
    [Of<NoSettings>(), Of<BearerTokenSettings>(), Of<ApiKeySettings>(), Of<BasicSettings>(), Of<OAuth2Settings>()];

    /// <summary>Its names and settings.</summary>
    public SettingVariant Variant { get; }

    /// <summary>How its credentials look in somebody else's request.</summary>
    public IReadOnlyList<CredentialHeader> CredentialHeaders { get; }

    /// <inheritdoc/>
    public string? Brings => $"authentication {Variant.Name}";

    /// <summary>Registers a kind by its settings class.</summary>
    /// <exception cref="ArgumentException">The class has no <see cref="AuthenticationAttribute"/>.</exception>
    public static AuthenticationKind Of<TMethod>()
        where TMethod : AuthenticationMethod, new() => new(typeof(TMethod));
}

/// <summary>Bound once, then read only: how requests authenticate. The settings of the chosen method count.</summary>
public sealed class AuthenticationSettings : VariantSettings
{
    /// <summary>The method: the name of an <see cref="AuthenticationKind"/>.</summary>
    [Setting("The method.", Hint = "")]
    public string Method { get; set; } = "none";

    /// <summary>The chosen method's settings.</summary>
    public AuthenticationMethod Chosen => (AuthenticationMethod?)Variant ?? new NoSettings();
}
