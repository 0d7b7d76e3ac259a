using System.Reflection;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Extensions;
using FlowEngine.Settings;

namespace FlowEngine.Screens;

/// <summary>Shared and immutable: a type of component that screens can use.</summary>
public sealed class ComponentType : IExtensionPart
{
    private readonly ComponentAttribute _description;

    private ComponentType(Type type, ScreenComponent prototype)
    {
        _description =
            type.GetCustomAttribute<ComponentAttribute>()
            ?? throw new ArgumentException($"{type} has no attribute [Component].", nameof(type));
        Record = type;
        Prototype = prototype with { Type = this };
        Settings = SettingsDescriptor.Of(type);
        New = FlowValue.Parse(_description.New);
        Sample = _description.Sample is { } sample ? FlowValue.Parse(sample) : FlowValue.Missing;
    }

    /// <summary>The name in flow files.</summary>
    public string Name => _description.Type;

    /// <summary>What it is, in a sentence.</summary>
    public string Description => _description.Description;

    /// <summary>The name of the designer's icon, or null.</summary>
    public string? Icon => _description.Icon;

    /// <summary>The settings of a new one, an object.</summary>
    public FlowValue New { get; }

    /// <summary>What a person may have entered; missing for nothing.</summary>
    public FlowValue Sample { get; }

    /// <summary>The record that it is.</summary>
    public Type Record { get; }

    /// <summary>The settings.</summary>
    public SettingsDescriptor Settings { get; }

    /// <summary>A component of this type without any settings: what it is as a type.</summary>
    public ScreenComponent Prototype { get; }

    /// <inheritdoc/>
    public string? Brings => $"component {Name}";

    /// <summary>The type of a record.</summary>
    /// <exception cref="ArgumentException">It has no <see cref="ComponentAttribute"/>.</exception>
    public static ComponentType Of<T>()
        where T : ScreenComponent, new() => new(typeof(T), new T());

    /// <summary>Makes a component of what a flow file says.</summary>
    internal ScreenComponent Bind(FlowObject json, SourceLocation at, DiagnosticBag problems, ReadOnlySpan<string> alsoKnown) =>
        ((ScreenComponent)Settings.Bind(json, at, problems, alsoKnown) with { Type = this }).Prepare(at, problems);
}
