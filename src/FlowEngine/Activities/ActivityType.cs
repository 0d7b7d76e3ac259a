using System.Reflection;
using FlowEngine.Compilation;
using FlowEngine.Settings;

namespace FlowEngine.Activities;

/// <summary>Shared and immutable: a type of activity: what it is called, its settings and outcomes, and how one is made.</summary>
public sealed class ActivityType
{
    private readonly Func<object, ActivityCompilation, FlowActivity> _create;

    private ActivityType(ActivityAttribute description, Type settings, Func<object, ActivityCompilation, FlowActivity> create)
    {
        Description = description;
        Settings = SettingsDescriptor.Of(settings);
        _create = create;
    }

    /// <summary>The type's name in flow files.</summary>
    public string Name => Description.Type;

    /// <summary>What the attribute says.</summary>
    public ActivityAttribute Description { get; }

    /// <summary>The settings.</summary>
    public SettingsDescriptor Settings { get; }

    /// <summary>Describes an activity class that carries an <see cref="ActivityAttribute"/>.</summary>
    /// <param name="create">Makes the activity from its bound settings; problems
    /// beyond the settings' own are reported to the compilation.</param>
    /// <exception cref="ArgumentException">The class has no <see cref="ActivityAttribute"/>.</exception>
    public static ActivityType Of<TActivity, TSettings>(Func<TSettings, ActivityCompilation, TActivity> create)
        where TActivity : FlowActivity
        where TSettings : class, new()
    {
        var description =
            typeof(TActivity).GetCustomAttribute<ActivityAttribute>()
            ?? throw new ArgumentException($"{typeof(TActivity)} has no [Activity] attribute.");
        return new ActivityType(description, typeof(TSettings), (settings, compilation) => create((TSettings)settings, compilation));
    }

    internal FlowActivity Create(object settings, ActivityCompilation compilation) => _create(settings, compilation);
}
