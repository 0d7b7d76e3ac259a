using System.Collections.Frozen;

namespace FlowEngine.Activities;

/// <summary>Shared and immutable: the activity types that flows can use.</summary>
public sealed class ActivityCatalog
{
    private readonly FrozenDictionary<string, ActivityType> _types;

    /// <summary>Makes a catalogue of the engine's own types and these.</summary>
    /// <exception cref="ArgumentException">Two types have the same name.</exception>
    public ActivityCatalog(params IEnumerable<ActivityType> more)
    {
        Types = [.. BuiltInActivities.All, .. more];
        _types = Types.ToDictionary(type => type.Name, StringComparer.Ordinal).ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The types, the engine's own first.</summary>
    public IReadOnlyList<ActivityType> Types { get; }

    /// <summary>The type of that name, or null.</summary>
    public ActivityType? Find(string name) => _types.GetValueOrDefault(name);
}
