using System.Collections.Concurrent;
using System.Reflection;
using FlowEngine.Context;
using FlowEngine.Errors;

namespace FlowEngine.Settings;

/// <summary>Shared and immutable: the settings of an activity, a connector type, a flow or a server, made once from its settings class.</summary>
public sealed class SettingsDescriptor
{
    private static readonly ConcurrentDictionary<Type, SettingsDescriptor> Known = new();

    private SettingsDescriptor(Type type)
    {
        Type = type;
        var prototype = Activator.CreateInstance(type)!;
        Settings =
        [
            .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Select(property => (property, attribute: property.GetCustomAttribute<SettingAttribute>()))
                .Where(pair => pair.attribute is not null)
                // What a base class declares comes first; the order of the tokens is that of one class.
                .OrderBy(pair => DepthOf(pair.property.DeclaringType!))
                .ThenBy(pair => pair.property.MetadataToken)
                .Select(pair => new SettingDescriptor(pair.property, pair.attribute!, prototype)),
        ];
    }

    /// <summary>The settings class.</summary>
    public Type Type { get; }

    /// <summary>The settings, in the order declared.</summary>
    public IReadOnlyList<SettingDescriptor> Settings { get; }

    /// <summary>The descriptor of a settings class, which needs a public constructor without parameters.</summary>
    public static SettingsDescriptor Of(Type type) => Known.GetOrAdd(type, static type => new SettingsDescriptor(type));

    private static int DepthOf(Type type) => type.BaseType is { } parent ? 1 + DepthOf(parent) : 0;

    /// <summary>The setting of that JSON name, or null.</summary>
    public SettingDescriptor? Find(string name) => Settings.FirstOrDefault(setting => setting.Name == name);

    /// <summary>Makes a settings object from JSON. Every problem is reported;
    /// the object is complete as far as the JSON was right.</summary>
    /// <param name="json">The JSON object that holds the settings.</param>
    /// <param name="at">Where it stands.</param>
    /// <param name="problems">Where problems go.</param>
    /// <param name="alsoKnown">Names that are no settings but belong there, such as <c>id</c> and <c>type</c>.</param>
    public object Bind(FlowObject json, SourceLocation at, DiagnosticBag problems, params ReadOnlySpan<string> alsoKnown)
    {
        var settings = BindKnown(json, at, problems);
        foreach (var name in json.Shape.Names)
        {
            if (problems.IsFull)
                break;
            if (Find(name) is null && !alsoKnown.Contains(name))
                problems.Warning(
                    FlowErrors.UnknownSetting,
                    at.At(name),
                    $"There is no setting '{name}'.",
                    Suggestion.For(name, Settings.Select(s => s.Name))
                );
        }
        return settings;
    }

    /// <summary>Sets what JSON says on an object that is there, and on those within it; what JSON does not say stays.</summary>
    /// <param name="settings">An object of the settings class.</param>
    /// <param name="json">The JSON object; what it has more than settings belongs to somebody else.</param>
    /// <param name="at">Where it stands.</param>
    /// <param name="problems">Where problems go.</param>
    public void BindOnto(object settings, FlowObject json, SourceLocation at, DiagnosticBag problems)
    {
        foreach (var setting in Settings)
        {
            var (value, place) = (json.Get(setting.Name), at.At(setting.Name));
            if (value.TryGetObject(out var inner) && setting.Nested is { } nested && setting.ValueIn(settings) is { } there)
                nested.Value.BindOnto(there, inner, place, problems);
            else if (!value.IsNothing && SettingBinder.TryBind(setting, value, place, problems, out var bound))
                setting.Assign(settings, bound);
        }
    }

    /// <summary>Checks the values of an object, and of those within it, however they were set.</summary>
    /// <param name="settings">An object of the settings class.</param>
    /// <param name="at">Where it stands.</param>
    /// <param name="problems">Where problems go.</param>
    public void Check(object settings, SourceLocation at, DiagnosticBag problems)
    {
        foreach (var setting in Settings)
        {
            if (setting.ValueIn(settings) is not { } value)
                continue;
            if (setting.Nested is { } nested)
                nested.Value.Check(value, at.At(setting.Name), problems);
            else
                SettingBinder.Check(setting, value, at.At(setting.Name), problems);
        }
        (settings as ICheckedSettings)?.Check(at, problems);
    }

    /// <summary>As <see cref="Bind"/>, of an object whose other members belong to somebody else.</summary>
    internal object BindKnown(FlowObject json, SourceLocation at, DiagnosticBag problems)
    {
        var settings = Activator.CreateInstance(Type)!;
        foreach (var setting in Settings)
        {
            var value = json.Get(setting.Name);
            if (value.IsMissing || value.Kind == FlowValueKind.Null && !setting.Attribute.TakesNull)
            {
                if (setting.Required)
                    problems.Error(
                        FlowErrors.Required,
                        at.At(setting.Name),
                        $"'{setting.Name}' is missing.",
                        $"Add \"{setting.Name}\": {setting.Description}"
                    );
                continue;
            }
            if (SettingBinder.TryBind(setting, value, at.At(setting.Name), problems, out var bound))
                setting.Assign(settings, bound);
        }
        return settings;
    }
}
