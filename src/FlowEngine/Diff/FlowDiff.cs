using FlowEngine.Context;

namespace FlowEngine.Diff;

/// <summary>
/// Stateless: what changed between two versions of a flow, in the words of its designer: activities, connections, screens and settings, not
/// lines of JSON. It takes any JSON, because a draft may be anything. Where activities
/// stand on the canvas, and the order in which they are written, is no change.
/// </summary>
public static class FlowDiff
{
    private static readonly string[] NoSettings = ["$schema", "designer", "activities", "connections", "screens"];

    /// <summary>The setting of a connection.</summary>
    private const string Message = "message";

    /// <summary>How many changes are told.</summary>
    public const int MaxChanges = 10_000;

    /// <summary>How many characters their ids, names and paths may have together.</summary>
    public const int MaxCharacters = 4_000_000;

    /// <summary>The changes, see <see cref="Between(FlowValue, FlowValue, out bool, CancellationToken)"/>.</summary>
    public static IReadOnlyList<FlowChange> Between(FlowValue before, FlowValue after) =>
        Between(before, after, out _, CancellationToken.None);

    /// <summary>The changes: the flow's own, then those of activities, connections
    /// and screens; each as before ordered it, what is new last.</summary>
    /// <param name="before">The flow as it was.</param>
    /// <param name="after">The flow as it is.</param>
    /// <param name="isCut">Whether there are more than <see cref="MaxChanges"/>
    /// or <see cref="MaxCharacters"/>: the rest is left out.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <exception cref="OperationCanceledException">The caller left.</exception>
    public static IReadOnlyList<FlowChange> Between(FlowValue before, FlowValue after, out bool isCut, CancellationToken cancellationToken)
    {
        var told = new List<FlowChange>();
        var characters = 0L;
        isCut = false;
        foreach (var change in All(before, after))
        {
            cancellationToken.ThrowIfCancellationRequested();
            characters += change.Id.Length + (change.Name?.Length ?? 0) + (change.Setting?.Length ?? 0);
            isCut = told.Count == MaxChanges || characters > MaxCharacters;
            if (isCut)
                break;
            told.Add(change);
        }
        return told;
    }

    private static IEnumerable<FlowChange> All(FlowValue before, FlowValue after)
    {
        var id = after.Get("id").TryGetText(out var given) || before.Get("id").TryGetText(out given) ? given : "";
        IEnumerable<FlowChange> own = SettingsDiff
            .Of(ObjectOf(before), ObjectOf(after), "", NoSettings)
            .Select(setting => new FlowChange(ScreenDiff.Kind(setting.Before, setting.After), "flow", id)
            {
                Setting = setting.Path,
                Before = setting.Before,
                After = setting.After,
            });
        return own.Concat(Compare("activities", Id, (key, was, becomes) => OfActivity(key.Id, was, becomes)))
            .Concat(Compare("connections", SourceAndPort, OfConnection))
            .Concat(Compare("screens", Id, (key, was, becomes) => OfScreen(key.Id, was, becomes)));

        IEnumerable<FlowChange> Compare(
            string member,
            Func<FlowValue, Key?> keyOf,
            Func<Key, FlowValue, FlowValue, IEnumerable<FlowChange>> of
        )
        {
            var (old, young) = (before.Get(member), after.Get(member));
            if (old == young)
                return [];
            return Index(old, keyOf) is { } was && Index(young, keyOf) is { } becomes
                ? was.Keys.Union(becomes.Keys).SelectMany(key => of(key, was.GetValueOrDefault(key), becomes.GetValueOrDefault(key)))
                :
                [
                    new FlowChange(ScreenDiff.Kind(old, young), "flow", id)
                    {
                        Setting = member,
                        Before = old,
                        After = young,
                    },
                ];
        }
    }

    private static IEnumerable<FlowChange> OfActivity(string id, FlowValue before, FlowValue after)
    {
        var name = NameIn(after.IsMissing ? before : after, "name");
        if (before.IsMissing || after.IsMissing)
            return
            [
                new FlowChange(ScreenDiff.Kind(before, after), "activity", id)
                {
                    Name = name,
                    Before = before,
                    After = after,
                },
            ];
        return SettingsDiff
            .Of(before, after)
            .Select(setting => new FlowChange(ScreenDiff.Kind(setting.Before, setting.After), "setting", id)
            {
                Of = "activity",
                Name = name,
                Setting = setting.Path,
                Before = setting.Before,
                After = setting.After,
            });
    }

    private static IEnumerable<FlowChange> OfConnection(Key key, FlowValue before, FlowValue after)
    {
        if (before == after)
            yield break;
        var (was, becomes) = (before.Get("target"), after.Get("target"));
        if (was != becomes || before.IsMissing || after.IsMissing)
            yield return new FlowChange(ScreenDiff.Kind(before, after), "connection", key.Id)
            {
                Setting = key.Port,
                Before = was,
                After = becomes,
            };
        // What stands beside source, port, target and message means nothing to the engine.
        else if (SettingsDiff.Of(before, after, "", Message).Any())
            yield return new FlowChange(ChangeKind.Changed, "connection", key.Id)
            {
                Setting = key.Port,
                Before = before,
                After = after,
            };
        var (told, tells) = (before.Get(Message), after.Get(Message));
        if (told != tells && !after.IsMissing)
            yield return new FlowChange(ScreenDiff.Kind(told, tells), "setting", key.Id)
            {
                Of = "connection",
                Name = key.Port,
                Setting = Message,
                Before = told,
                After = tells,
            };
    }

    private static IEnumerable<FlowChange> OfScreen(string id, FlowValue before, FlowValue after)
    {
        var name = NameIn(after.IsMissing ? before : after, "title");
        if (before == after)
            yield break;
        if (before.IsMissing || after.IsMissing)
        {
            yield return new FlowChange(ScreenDiff.Kind(before, after), "screen", id)
            {
                Name = name,
                Before = before,
                After = after,
            };
            yield break;
        }
        yield return new FlowChange(ChangeKind.Changed, "screen", id) { Name = name };
        foreach (var (path, was, becomes) in SettingsDiff.Of(before, after, "", "components"))
            yield return new FlowChange(ScreenDiff.Kind(was, becomes), "setting", id)
            {
                Of = "screen",
                Name = name,
                Setting = path,
                Before = was,
                After = becomes,
            };
        foreach (var (change, path, was, becomes) in ScreenDiff.Of(before.Get("components"), after.Get("components")))
            yield return new FlowChange(change, "component", id)
            {
                Name = name,
                Setting = path,
                Before = was,
                After = becomes,
            };
    }

    /// <summary>The parts by what names them; null when they are not objects that have a name.
    /// A draft may use one twice: then its place among those of the same name counts.</summary>
    private static Dictionary<Key, FlowValue>? Index(FlowValue parts, Func<FlowValue, Key?> keyOf)
    {
        var index = new Dictionary<Key, FlowValue>();
        if (parts.IsMissing)
            return index;
        if (!parts.TryGetArray(out var items))
            return null;
        var counts = new Dictionary<Key, int>();
        foreach (var item in items)
        {
            if (keyOf(item) is not { } key)
                return null;
            counts[key] = counts.GetValueOrDefault(key) + 1;
            index.Add(key with { Place = counts[key] }, item);
        }
        return index;
    }

    private static Key? Id(FlowValue part) => part.Get("id").TryGetText(out var id) ? new Key(id, "", 0) : null;

    private static Key? SourceAndPort(FlowValue connection) =>
        connection.Get("source").TryGetText(out var source) && connection.Get("port").TryGetText(out var port)
            ? new Key(source, port, 0)
            : null;

    private static string? NameIn(FlowValue part, string member) =>
        part.Get(member).TryGetText(out var name) && name.Length > 0 ? name : null;

    private static FlowValue ObjectOf(FlowValue definition) =>
        definition.Kind == FlowValueKind.Object ? definition : FlowValue.From(FlowObject.Empty);

    private readonly record struct Key(string Id, string Port, int Place);
}
