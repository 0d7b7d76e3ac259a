using System.Collections.Frozen;
using FlowEngine.Screens.Components;

namespace FlowEngine.Screens;

/// <summary>Shared and immutable: the types of components that screens can use.</summary>
public sealed class ComponentCatalog
{
    private readonly FrozenDictionary<string, ComponentType> _types;
    private readonly string[] _settings;

    /// <summary>Makes a catalogue of the engine's own types and these.</summary>
    /// <exception cref="ArgumentException">Two types have the same name.</exception>
    public ComponentCatalog(params IEnumerable<ComponentType> more)
    {
        Types =
        [
            ComponentType.Of<TextBlock>(),
            ComponentType.Of<Container>(),
            ComponentType.Of<Logo>(),
            ComponentType.Of<Image>(),
            ComponentType.Of<Link>(),
            ComponentType.Of<Divider>(),
            ComponentType.Of<ErrorMessage>(),
            ComponentType.Of<TextInput>(),
            ComponentType.Of<EmailInput>(),
            ComponentType.Of<PhoneInput>(),
            ComponentType.Of<PasswordInput>(),
            ComponentType.Of<NewPassword>(),
            ComponentType.Of<CodeInput>(),
            ComponentType.Of<Checkbox>(),
            ComponentType.Of<Select>(),
            ComponentType.Of<Button>(),
            .. more,
        ];
        _types = Types.ToDictionary(type => type.Name, StringComparer.Ordinal).ToFrozenDictionary(StringComparer.Ordinal);
        _settings = ["type", .. Types.SelectMany(type => type.Settings.Settings).Select(setting => setting.Name).Distinct()];
    }

    /// <summary>The engine's own types.</summary>
    public static ComponentCatalog BuiltIn { get; } = new();

    /// <summary>The types, the engine's own first.</summary>
    public IReadOnlyList<ComponentType> Types { get; }

    /// <summary>The names that no component is warned of: a setting of another type has no effect, as ever.</summary>
    internal ReadOnlySpan<string> KnownSettings => _settings;

    /// <summary>The type of that name, or null.</summary>
    public ComponentType? Find(string name) => _types.GetValueOrDefault(name);

    /// <summary>The English sentence of an input's problem, with places for its values: that of <see cref="InputErrors.Pattern"/> where no
    /// component knows the code.</summary>
    /// <param name="type">The type of the input.</param>
    /// <param name="code">The code of the problem.</param>
    public string SentenceOf(string type, string code) =>
        (InputErrors.Find(code, Find(type)?.Prototype is InputComponent input ? input.Problems : []) ?? InputErrors.Pattern).Meaning;
}
