using FlowEngine.Activities;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution.Lineage;
using FlowEngine.Model;
using FlowEngine.Settings;
using FlowEngine.Templates;
using FlowEngine.Tracing;

namespace FlowEngine.Compilation.Lineage;

/// <summary>
/// Per activity: takes what was read while it was compiled, by its own settings, by its connector and by the messages of its connections.
/// Then read only: works out what each of its values is made of. Templates, rules and scripts tell what they read, and where; nothing here
/// knows any activity.
/// </summary>
/// <param name="type">The activity's type.</param>
/// <param name="definition">The activity as its file says it.</param>
internal sealed class SourceReader(ActivityType type, ActivityDefinition definition)
{
    /// <summary>What the text is called that a connection brings to the next screen.</summary>
    private const string Message = "message";

    private readonly List<Reading> _reads = [];

    /// <summary>Whether there is nothing that it reads.</summary>
    public bool IsEmpty => _reads.Count == 0;

    /// <summary>Takes a reading of the activity's own settings.</summary>
    public void Take(PathRead read) => _reads.Add(new Reading(read));

    /// <summary>Takes a reading of its connector's settings.</summary>
    /// <param name="read">The reading, by its place in the connector's file.</param>
    /// <param name="connector">The connector.</param>
    /// <param name="settings">What its settings are.</param>
    public void Take(PathRead read, ConnectorDefinition connector, SettingsDescriptor settings) =>
        _reads.Add(new Reading(read) { Connector = connector, Settings = settings });

    /// <summary>Takes a reading of the message of the connection that leaves it by an outcome.</summary>
    public void TakeMessage(PathRead read, string outcome) => _reads.Add(new Reading(read) { Outcome = outcome });

    /// <summary>What the values are made of.</summary>
    public List<SettingSource> Find()
    {
        var own = new List<SettingSource>(_reads.Count);
        // Of two elements of a connector with one key the last counts.
        var given = new Dictionary<string, (int Index, List<SettingSource> Sources)>(StringComparer.OrdinalIgnoreCase);
        foreach (var reading in _reads)
        {
            if (reading.Outcome is not null)
                own.Add(new SettingSource(Message, reading.Read) { Expression = Cut(reading.Read.Text), Outcome = reading.Outcome });
            else if (reading is { Connector: { } connector, Settings: { } settings })
                AddGiven(reading.Read, connector, settings, given);
            else if (reading.Read.At.Below(definition.Location) is { } written)
                own.Add(OwnOf(reading.Read, written));
        }
        own.AddRange(given.Values.SelectMany(element => element.Sources));
        return own;
    }

    private SettingSource OwnOf(PathRead read, IReadOnlyList<PathPart> written)
    {
        var place = SettingPlace.Of(type.Settings, definition.Json, written, read.Place);
        var isEach = written is [{ Name: { } name }, ..] && type.Settings.Find(name)?.Attribute.ExpressionsAt is not null;
        return new SettingSource(place.Name, read) { Expression = Cut(isEach ? OneOf(read) : read.Text), Writes = WrittenAt(place.Name) };
    }

    /// <summary>What a connector's settings give to a request, unless the activity itself says something there.</summary>
    private void AddGiven(
        PathRead read,
        ConnectorDefinition connector,
        SettingsDescriptor settings,
        Dictionary<string, (int Index, List<SettingSource> Sources)> given
    )
    {
        // Behind "configuration".
        if (read.At.Below(connector.Location) is not [_, .. var written])
            return;
        var place = SettingPlace.Of(settings, connector.Configuration, written, read.Place);
        if (place.IsGivenIn(definition.Json))
            return;
        var index = written.FirstOrDefault(part => part.Name is null).Index;
        if (!given.TryGetValue(place.Name, out var element) || element.Index != index)
            given[place.Name] = element = (index, []);
        element.Sources.Add(new SettingSource(place.Name, read) { Expression = Cut(OneOf(read)), Connector = connector.Id });
    }

    /// <summary>Where in the context the type says that it puts a value of its settings.</summary>
    private string? WrittenAt(string place)
    {
        foreach (var write in type.Writes.OrderByDescending(write => write.MembersOf?.Length))
        {
            if (write.MembersOf is { } members && PathText.IsBelow(place, members) && HasMembers(members))
                return write.Path[..^".*".Length].Replace("{contextKey}", ContextKey(), StringComparison.Ordinal) + place[members.Length..];
        }
        return null;
    }

    /// <summary>Whether a setting is made of values by name; a query or a script also names what it gives, but is none of these.</summary>
    private bool HasMembers(string setting)
    {
        SettingDescriptor? found = null;
        foreach (var name in setting.Split('.'))
        {
            found = (found is null ? type.Settings : found.Nested?.Value)?.Find(name);
            if (found is null)
                return false;
        }
        return found!.Kind is SettingKind.JsonTemplate or SettingKind.TemplateMap or SettingKind.Object or SettingKind.Map;
    }

    private string ContextKey() => definition.Json.Get("contextKey").TryGetText(out var key) && key.Length > 0 ? key : definition.Id;

    /// <summary>The expression alone: a connector's words around it may be secret.</summary>
    private static string? OneOf(PathRead read) =>
        read.Text is { } text && TextPlaces.Names(text) is var names && read.Place < names.Count ? $"{{{{{names[read.Place]}}}}}" : null;

    private static string? Cut(string? text) =>
        text is { Length: > LineageEntry.MaxExpression } ? $"{text.AsSpan(0, LineageEntry.MaxExpression)}…" : text;

    /// <summary>A path that is read.</summary>
    /// <param name="Read">The reading.</param>
    private sealed record Reading(PathRead Read)
    {
        /// <summary>The connector in whose file it stands; null for the flow's own.</summary>
        public ConnectorDefinition? Connector { get; init; }

        /// <summary>The connector's settings.</summary>
        public SettingsDescriptor? Settings { get; init; }

        /// <summary>The outcome whose connection reads it; null for the activity itself.</summary>
        public string? Outcome { get; init; }
    }
}
