using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using FlowEngine.Compilation;
using FlowEngine.Execution;
using FlowEngine.Extensions;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Activities;

/// <summary>Shared and immutable: a type of activity: what it is called, its settings and outcomes, and how one is made.</summary>
public sealed partial class ActivityType : IExtensionPart
{
    private readonly Func<object, ActivityCompilation, FlowActivity> _create;
    private readonly Steering _steering;

    private ActivityType(
        Type activity,
        ActivityAttribute description,
        Type settings,
        Func<object, ActivityCompilation, FlowActivity> create
    )
    {
        Description = description;
        Settings = SettingsDescriptor.Of(settings);
        Reply = description.Reply is null ? null : SettingsDescriptor.Of(description.Reply);
        Writes = [.. activity.GetCustomAttributes<WritesAttribute>()];
        Roots = new HashSet<ContextRoot>(Writes.Select(RootOf));
        Tellings = TellingsOf(Writes);
        _steering = activity.GetCustomAttribute<SteersAttribute>()?.Steering ?? Steering.None;
        _create = create;
        Check();
    }

    /// <summary>The type's name in flow files.</summary>
    public string Name => Description.Type;

    /// <summary>What the attribute says.</summary>
    public ActivityAttribute Description { get; }

    /// <summary>The settings.</summary>
    public SettingsDescriptor Settings { get; }

    /// <summary>What it writes, in the order declared.</summary>
    public IReadOnlyList<WritesAttribute> Writes { get; }

    /// <summary>What the members of its result tell of a failure, by name.</summary>
    internal IReadOnlyDictionary<string, Telling> Tellings { get; }

    /// <summary>The roots of the context that it writes.</summary>
    public IReadOnlySet<ContextRoot> Roots { get; }

    /// <summary>What a scripted reply consists of; null for what takes none.</summary>
    public SettingsDescriptor? Reply { get; }

    /// <summary>What the id of a new one begins with.</summary>
    public string Stem => Description.Stem ?? JsonNamingPolicy.CamelCase.ConvertName(Name);

    /// <summary>Whether the run waits in it for a person.</summary>
    public bool Waits => _steering.HasFlag(Steering.Waits);

    /// <summary>Whether it enters another flow.</summary>
    public bool Enters => _steering.HasFlag(Steering.Enters);

    /// <summary>Whether it begins the flow anew.</summary>
    public bool Restarts => _steering.HasFlag(Steering.Restarts);

    /// <summary>Whether it ends the flow.</summary>
    public bool Ends => _steering.HasFlag(Steering.Ends);

    /// <summary>Whether it may stand in a flow that runs beside others of the same run.</summary>
    public bool MayShare => Description.MayShare || Description.CanRunInParallel;

    /// <inheritdoc/>
    public string? Brings => $"activity {Name}";

    /// <summary>Describes an activity class that carries an <see cref="ActivityAttribute"/>.</summary>
    /// <param name="create">Makes the activity from its bound settings; problems beyond the settings' own are reported to the
    /// compilation.</param>
    /// <exception cref="ArgumentException">The class has no <see cref="ActivityAttribute"/>, or it says what cannot be.</exception>
    public static ActivityType Of<TActivity, TSettings>(Func<TSettings, ActivityCompilation, TActivity> create)
        where TActivity : FlowActivity
        where TSettings : class, new()
    {
        var description =
            typeof(TActivity).GetCustomAttribute<ActivityAttribute>()
            ?? throw new ArgumentException($"{typeof(TActivity)} has no [Activity] attribute.");
        return new ActivityType(
            typeof(TActivity),
            description,
            typeof(TSettings),
            (settings, compilation) => create((TSettings)settings, compilation)
        );
    }

    internal FlowActivity Create(object settings, ActivityCompilation compilation) => _create(settings, compilation);

    /// <summary>Which setting holds the id of something that is edited so, such as <see cref="SettingEditors.Screen"/>; null for
    /// none.</summary>
    internal SettingDescriptor? SettingOf(string editor) => Settings.Settings.FirstOrDefault(setting => setting.Attribute.Editor == editor);

    private static Dictionary<string, Telling> TellingsOf(IEnumerable<WritesAttribute> writes)
    {
        var tellings = new Dictionary<string, Telling>(StringComparer.Ordinal);
        foreach (var write in writes.Where(write => write.Tells != Telling.Nothing))
            tellings[write.Path.Split('.', '[')[2]] = write.Tells;
        return tellings;
    }

    private ContextRoot RootOf(WritesAttribute write) =>
        ContextPath.TryParseRoot(write.Path.Split('.')[0], out var root)
            ? root
            : throw Wrong($"writes '{write.Path}', which begins with no root of the context");

    /// <summary>A description that nobody can draw is a mistake of the one who wrote it: told when the type is registered, not when
    /// somebody opens it.</summary>
    private void Check()
    {
        foreach (Match hole in Hole().Matches(Description.Summary ?? ""))
            Need("the summary", hole.Groups[1].Value);
        foreach (var write in Writes)
        {
            foreach (Match hole in Hole().Matches(write.Path))
                Need($"'{write.Path}'", hole.Groups[1].Value);
            if (write.MembersOf is { } setting)
                Need($"'{write.Path}'", setting.Split('.')[0]);
            foreach (var other in new[] { write.Unless, write.With })
            {
                if (other is not null)
                    Need($"'{write.Path}'", other);
            }
            var hasMembers = write.Path.EndsWith(".*", StringComparison.Ordinal) || write.Path.Contains("[]", StringComparison.Ordinal);
            if (hasMembers != write.MembersOf is not null)
                throw Wrong($"writes '{write.Path}': members ('.*', '[]') and the setting that names them (MembersOf) belong together");
        }
        if (!IconName().IsMatch(Description.Icon) && !IconPath().IsMatch(Description.Icon))
            throw Wrong("has an icon that is neither a name nor a path of SVG");
        var added = Settings.Settings.Select(setting => setting.Outcomes).OfType<AddsOutcomesAttribute>().Select(outcomes => outcomes.Name);
        if (Description.OptionalOutcomes.Except(Description.Outcomes).Except(added).FirstOrDefault() is { } optional)
            throw Wrong($"has no outcome '{optional}' that could be optional");

        void Need(string place, string name)
        {
            if (Settings.Find(name) is null)
                throw Wrong($"has no setting '{name}', which {place} names");
        }
    }

    private ArgumentException Wrong(string problem) => new($"The activity type {Name} {problem}.");

    [GeneratedRegex(@"\{(\w+)[^{}]*\}")]
    private static partial Regex Hole();

    [GeneratedRegex(@"\A[a-z][a-z0-9-]*\z")]
    private static partial Regex IconName();

    [GeneratedRegex(@"\A[Mm][MmZzLlHhVvCcSsQqTtAaEe0-9 ,.+-]+\z")]
    private static partial Regex IconPath();
}
